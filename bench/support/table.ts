import type { Bar, Row } from './rows.ts';

const HEADINGS = ['case', 'server', 'measured', 'against', 'ratio', 'bar', 'verdict', 'note'];

/** Columns for a terminal. */
export function renderText(rows: readonly Row[]): string {
  const lines = [HEADINGS, ...rows.map(cells)];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function renderMarkdown(rows: readonly Row[]): string {
  const lines = [HEADINGS, HEADINGS.map(() => '---'), ...rows.map(cells)];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function cells(row: Row): readonly string[] {
  return [
    row.case,
    row.server,
    quantity(row.value, row.unit),
    row.baseline === undefined
      ? ''
      : `${row.baseline.name} ${quantity(row.baseline.value, row.unit)}`,
    row.ratio === undefined ? '' : row.ratio.toFixed(2),
    row.bar === undefined ? '' : describeBar(row.bar, row),
    row.pass === undefined ? '' : row.pass ? 'reached' : 'NOT reached',
    row.note ?? '',
  ];
}

function describeBar(bar: Bar, row: Row): string {
  const sign = bar.kind === 'at-least' ? '≥' : '≤';
  return `${sign} ${row.ratio === undefined ? quantity(bar.value, row.unit) : String(bar.value)}`;
}

function quantity(value: number, unit: Row['unit']): string {
  switch (unit) {
    case 'per-second':
      return `${Math.round(value).toLocaleString('en')}/s`;
    case 'milliseconds':
      return `${Math.round(value).toLocaleString('en')} ms`;
    case 'microseconds':
      return `${(value / 1000).toFixed(2)} ms`;
    case 'bytes':
      return `${Math.round(value / 1_000_000)} MB`;
    default:
      return `${value} ${unit}`;
  }
}
