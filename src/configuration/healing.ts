import { healing } from '../proxy/index.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { bad, good, type Parsed } from './parsed.ts';
import { suggest } from './suggest.ts';

/** One changed number of healing. */
export interface HealingValue {
  readonly name: string;
  readonly value: number;
}

/** A day: whoever waits longer for one upstream does not want healing. */
const LONGEST_MILLISECONDS = 86_400_000;
/** Far above any use, and far below what would overflow a timer or a counter. */
const LARGEST_NUMBER = 10_000;

/** `patience=30s`, `failure_ratio=0.5` or `attempts=3`. */
export function parseHealing(text: string): Parsed<HealingValue> {
  const [, name = '', written = ''] = /^([^=]*)=(.*)$/su.exec(text) ?? [];
  const parameter = healing.parameters.find((one) => one.name === name);
  if (parameter === undefined) {
    const near = suggest(
      name || text,
      healing.parameters.map((one) => one.name),
    );
    const hint = near === undefined ? 'see docs/healing.md' : `did you mean ${near}?`;
    return bad(`is no NAME=VALUE of healing; ${hint}`);
  }
  const parsed = parseValue(parameter, written);
  return parsed.ok
    ? good({ name, value: parsed.value })
    : bad(`does not fit: its value ${parsed.problem}`);
}

export function formatHealing({ name, value }: HealingValue): string {
  const parameter = healing.parameters.find((one) => one.name === name);
  return `${name}=${parameter?.kind === 'duration' ? formatDuration(value) : String(value)}`;
}

function parseValue({ kind }: (typeof healing.parameters)[number], text: string): Parsed<number> {
  if (kind === 'duration') {
    const duration = parseDuration(text);
    if (!duration.ok) return duration;
    if (duration.value >= 1 && duration.value <= LONGEST_MILLISECONDS) return duration;
    return bad('must be from 1ms to 1d');
  }
  const number = /^\d{1,5}(?:\.\d{1,6})?$/u.test(text) ? Number(text) : Number.NaN;
  if (kind === 'share') {
    return number >= 0 && number <= 1 ? good(number) : bad('must be a share from 0 to 1');
  }
  return number > 0 && number <= LARGEST_NUMBER
    ? good(number)
    : bad('must be a number above 0, to 10000');
}
