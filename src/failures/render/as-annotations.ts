import { createHash } from 'node:crypto';
import type { DiagnosedLog } from './diagnosed-log.ts';
import { proofLine, reported } from './reported.ts';

/** Commands that GitHub turns into annotations: the root as an error, what follows from it as warnings. */
export function asGithub(logs: readonly DiagnosedLog[]): string {
  return logs
    .flatMap(reported)
    .map(({ code, severity, title, explanation, evidence, fix }) => {
      const kind = severity === 'info' ? 'notice' : severity;
      const proof = evidence[0] === undefined ? '' : `\n${proofLine(evidence[0])}`;
      const hint =
        fix === undefined
          ? ''
          : `\n${fix.text}${fix.command === undefined ? '' : `\n${fix.command}`}`;
      return `::${kind} title=${property(`${title} [${code}]`)}::${data(explanation + proof + hint)}\n`;
    })
    .join('');
}

/** https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

const GITLAB_SEVERITY = { error: 'major', warning: 'minor', info: 'info' } as const;

/** GitLab's code quality report. */
export function asGitlab(logs: readonly DiagnosedLog[]): string {
  const issues = logs.flatMap((log) =>
    reported(log).map(({ code, severity, title, explanation, evidence }) => ({
      description: `${title}. ${explanation}`,
      check_name: code,
      fingerprint: createHash('sha256')
        .update(`${code}\n${log.source}\n${evidence[0]?.text ?? ''}`)
        .digest('hex'),
      severity: GITLAB_SEVERITY[severity],
      location: { path: log.source, lines: { begin: evidence[0]?.line ?? 1 } },
    })),
  );
  return `${JSON.stringify(issues)}\n`;
}
