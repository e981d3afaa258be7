import type { Bar } from './score/bars.ts';
import type { Figures } from './score/score.ts';

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function barsAsText(bars: readonly Bar[]): string {
  return columns([
    ['bar', 'wanted', 'found', ''],
    ...bars.map((bar) => [bar.name, bar.wanted, bar.found, bar.passed ? 'passed' : 'FAILED']),
  ]);
}

/** The classifier and the baselines, side by side; a dash where one says nothing of the kind. */
export function figuresAsText(all: Readonly<Record<string, Figures>>): string {
  const names = Object.keys(all);
  const one = (label: string, pick: (figures: Figures) => string): string[] => [
    label,
    ...names.map((name) => pick(all[name] as Figures)),
  ];
  const verdicts = Object.keys(Object.values(all)[0]?.retryRecall ?? {});
  const dash = (value: number): string => (value === 0 ? '-' : percent(value));
  return columns([
    ['', ...names],
    one('logs', ({ logs }) => String(logs)),
    one('top-1', ({ top1 }) => dash(top1)),
    one('macro F1, classes', ({ macroF1 }) => dash(macroF1)),
    one('macro F1, ids', ({ macroF1OfIds }) => dash(macroF1OfIds)),
    one('evidence line', ({ evidence }) => dash(evidence)),
    one('coverage', ({ coverage }) => dash(coverage)),
    one('precision', ({ precision }) => dash(precision)),
    one('retry verdict', ({ retry }) => dash(retry)),
    ...verdicts.map((verdict) =>
      one(`  recall of ${verdict}`, ({ retryRecall }) => percent(retryRecall[verdict] ?? 0)),
    ),
    one('false "transient"', ({ falseTransient }) => percent(falseTransient)),
  ]);
}
