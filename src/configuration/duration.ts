import { bad, good, type Parsed } from './parsed.ts';

const milliseconds: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
]);

/** A thousand years: more is a mistake, and sums of such times stay exact. */
const LONGEST_MILLISECONDS = 1000 * 365 * 86_400_000;

/** Milliseconds from `30s`, `10m`, `1h30m` or `7d`. */
export function parseDuration(text: string): Parsed<number> {
  if (!/^(?:\d{1,12}(?:\.\d{1,6})?(?:ms|[smhdw]))+$/.test(text)) {
    return bad('is not a duration, such as 30s, 10m, 1h30m or 7d');
  }
  let sum = 0;
  for (const [, count = '', unit = ''] of text.matchAll(/([\d.]+)(ms|[smhdw])/g)) {
    sum += Number(count) * (milliseconds.get(unit) ?? 0);
  }
  if (sum > LONGEST_MILLISECONDS) return bad('is longer than a thousand years');
  return good(Math.round(sum));
}

/** As `parseDuration` reads it back. */
export function formatDuration(duration: number): string {
  let rest = duration;
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms']) {
    const size = milliseconds.get(unit) ?? 1;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === '' ? '0s' : text;
}
