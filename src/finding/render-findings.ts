import type { Evidence, Finding, Fix } from './finding.ts';

/** One line of JSON for programs. Every name is always there: what is unknown is null. */
export function findingsAsJson(
  findings: readonly Finding[],
  /** Facts about the whole, beside the findings. */
  about: Readonly<Record<string, unknown>> = {},
): string {
  return `${JSON.stringify({ version: 1, ...about, findings: findings.map(asObject) })}\n`;
}

function asObject(finding: Finding): object {
  const { evidence, fix, owner, retry, ...rest } = finding;
  return {
    ...rest,
    evidence: evidence.map(evidenceAsObject),
    fix: fix === undefined ? null : fixAsObject(fix),
    owner: owner ?? null,
    retry: retry ?? null,
  };
}

function evidenceAsObject({ kind, text, line, source }: Evidence): object {
  return { kind, text, line: line ?? null, source: source ?? null };
}

function fixAsObject({ text, command, edits }: Fix): object {
  return { text, command: command ?? null, edits };
}

/** For people: the title, why, the proof, the way out. */
export function findingsAsText(findings: readonly Finding[]): string {
  return findings.map(asText).join('\n');
}

function asText({ code, title, explanation, severity, evidence, fix }: Finding): string {
  const lines = [`${severity}: ${title} [${code}]`, `  ${explanation}`];
  for (const { text, source, line } of evidence) {
    const place = [source, line].filter((part) => part !== undefined).join(':');
    lines.push(`  ${place === '' ? '' : `${place}: `}${text}`);
  }
  if (fix !== undefined && fix.text !== '') lines.push(`  hint: ${fix.text}`);
  if (fix?.command !== undefined) lines.push(`    ${fix.command}`);
  return `${lines.join('\n')}\n`;
}
