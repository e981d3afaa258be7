import { createHash } from 'node:crypto';
import type { Finding } from './finding.ts';

function hintOf({ fix }: Finding): string {
  if (fix === undefined) return '';
  return `\n${fix.text}${fix.command === undefined ? '' : `\n${fix.command}`}`;
}

/** Commands that GitHub turns into annotations: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions */
export function findingsAsGithub(findings: readonly Finding[]): string {
  return findings
    .map((finding) => {
      const { code, severity, title, explanation, evidence } = finding;
      const kind = severity === 'info' ? 'notice' : severity;
      const [place] = evidence;
      const where = [
        place?.source === undefined ? '' : `file=${property(place.source)},`,
        place?.line === undefined ? '' : `line=${place.line},`,
      ].join('');
      const words = explanation + hintOf(finding);
      return `::${kind} ${where}title=${property(`${title} [${code}]`)}::${data(words)}\n`;
    })
    .join('');
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

const GITLAB_SEVERITY = { error: 'major', warning: 'minor', info: 'info' } as const;

/** GitLab's code quality report. */
export function findingsAsGitlab(findings: readonly Finding[]): string {
  const issues = findings.map(({ code, severity, title, explanation, evidence }) => ({
    description: `${title}. ${explanation}`,
    check_name: code,
    fingerprint: createHash('sha256')
      .update(`${code}\n${evidence[0]?.source ?? ''}\n${title}\n${evidence[0]?.text ?? ''}`)
      .digest('hex'),
    severity: GITLAB_SEVERITY[severity],
    location: { path: evidence[0]?.source ?? '', lines: { begin: evidence[0]?.line ?? 1 } },
  }));
  return `${JSON.stringify(issues)}\n`;
}

/** JUnit XML: each finding is a case that failed. */
export function findingsAsJunit(name: string, findings: readonly Finding[]): string {
  const cases = findings.map((finding) => {
    const { code, title, explanation, evidence } = finding;
    const proof = evidence.map(
      ({ source, line, text }) => `\n${source ?? ''}:${line ?? 1}: ${text}`,
    );
    const words = xml(explanation + proof.join('') + hintOf(finding));
    return `    <testcase classname="${xml(name)}" name="${xml(code)}"><failure message="${xml(title)}">${words}</failure></testcase>\n`;
  });
  const head = `name="${xml(name)}" tests="${cases.length}" failures="${cases.length}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n  <testsuite ${head}>\n${cases.join('')}  </testsuite>\n</testsuites>\n`;
}

function xml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[\uD800-\uDFFF\uFFFE\uFFFF\u0000-\u0008\u000B\u000C\u000E-\u001F]/gu, '?');
}
