import type { Finding } from './finding.ts';

/** One line of JSON for programs. Every name is always there: what is unknown is null. */
export function findingsAsJson(
  findings: readonly Finding[],
  /** Facts about the whole, beside the findings. */
  about: Readonly<Record<string, unknown>> = {},
): string {
  const text = JSON.stringify({ version: 1, ...about, findings }, (_, value: unknown) =>
    value === undefined ? null : value,
  );
  return `${text}\n`;
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
  if (fix !== undefined) lines.push(`  hint: ${fix.text}`);
  if (fix?.command !== undefined) lines.push(`    ${fix.command}`);
  return `${lines.join('\n')}\n`;
}
