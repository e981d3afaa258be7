import { median, pairedRatio } from './statistics.ts';

/** What a case must reach, for Cofferdam itself. */
export type Bar =
  | { readonly kind: 'at-least'; readonly value: number }
  | { readonly kind: 'at-most'; readonly value: number };

/** One line of the table: a server in a case. */
export interface Row {
  readonly case: string;
  readonly server: string;
  readonly unit: 'per-second' | 'milliseconds' | 'microseconds' | 'bytes' | 'requests' | 'bodies';
  readonly value: number;
  readonly samples: readonly number[];
  readonly baseline?: { readonly name: string; readonly value: number };
  /** To the baseline; without one the value itself is compared with the bar. */
  readonly ratio?: number;
  readonly bar?: Bar;
  readonly pass?: boolean;
  readonly note?: string;
}

export const COFFERDAM = 'cofferdam';

export interface Measured {
  readonly case: string;
  readonly unit: Row['unit'];
  readonly baseline: string;
  readonly bar: Bar;
  readonly note?: string;
}

/** Rows of a case measured in rounds: samples by server, one of them the baseline. */
export function compare(
  measured: Measured,
  samples: ReadonlyMap<string, readonly number[]>,
): readonly Row[] {
  const base = samples.get(measured.baseline) ?? [];
  const rows: Row[] = [];
  for (const [server, values] of samples) {
    if (server === measured.baseline) continue;
    const ratio = pairedRatio(values, base);
    const baseline = { name: measured.baseline, value: median(base) };
    rows.push({
      case: measured.case,
      server,
      unit: measured.unit,
      value: median(values),
      samples: values,
      baseline,
      ratio,
      ...(measured.note === undefined ? {} : { note: measured.note }),
      ...judge(server, ratio, measured.bar),
    });
  }
  return rows;
}

/** A row whose value itself is compared with the bar. */
export function plain(row: Omit<Row, 'bar' | 'pass' | 'ratio' | 'baseline'>, bar: Bar): Row {
  return { ...row, ...judge(row.server, row.value, bar) };
}

/** Bars are for Cofferdam; the others stand beside it. */
function judge(server: string, value: number, bar: Bar): { bar: Bar; pass: boolean } | object {
  if (server !== COFFERDAM) return {};
  return { bar, pass: bar.kind === 'at-least' ? value >= bar.value : value <= bar.value };
}
