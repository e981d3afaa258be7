import type { ModuleExplanation } from './explain-path.ts';
import type { SettingExplanation } from './explain-setting.ts';

export function explanationsAsText(explanations: readonly SettingExplanation[]): string {
  return explanations
    .map(({ name, value, origin, meaning }) => {
      const head = `${name}=${value}  (${origin})`;
      return `${[head, ...meaning.map((line) => `  ${line}`)].join('\n')}\n`;
    })
    .join('\n');
}

export function explanationsAsJson(explanations: readonly SettingExplanation[]): string {
  return `${JSON.stringify({ version: 1, settings: explanations })}\n`;
}

export function pathAsText({
  module,
  sources,
  because,
  checksum,
  notes,
}: ModuleExplanation): string {
  const lines = [`${module} is asked of:`];
  for (const [index, { kind, text, next }] of sources.entries()) {
    const what = kind === 'proxy' || kind === 'none' ? text : `${kind}: ${text}`;
    lines.push(`  ${index + 1}. ${what}${next === undefined ? '' : `; ${next}`}`);
  }
  lines.push(...because.map((reason) => `  because ${reason}`));
  lines.push(
    checksum.database === undefined
      ? 'No checksum database is asked:'
      : `The checksum database ${checksum.database} is asked:`,
    `  ${checksum.because}`,
    ...notes.map((note) => `note: ${note}`),
  );
  return `${lines.join('\n')}\n`;
}

export function pathAsJson(explanation: ModuleExplanation): string {
  const { sources, checksum, ...rest } = explanation;
  return `${JSON.stringify({
    version: 1,
    ...rest,
    sources: sources.map(({ next, ...source }) => ({ ...source, next: next ?? null })),
    checksum: {
      asked: checksum.isAsked,
      database: checksum.database ?? null,
      because: checksum.because,
    },
  })}\n`;
}
