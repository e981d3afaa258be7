import type { LogLevel } from './logger.ts';

const RESET = '\u001B[0m';
const DIM = '\u001B[2m';
const COLORS: Readonly<Record<LogLevel, string>> = {
  debug: DIM,
  info: '',
  warn: '\u001B[33m',
  error: '\u001B[1;31m',
};
const LEVELS: Readonly<Record<string, LogLevel>> = {
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  error: 'error',
};

export interface TextLogSettings {
  readonly color: boolean;
  /** IANA name: people read the time that their clock shows. */
  readonly timeZone: string;
}

/** One JSON line of the log for people: time, level, sentence, then the data, the trace last. */
export function formatLogLine(line: string, settings: TextLogSettings): string {
  const { time, level, message, trace, ...data } = JSON.parse(line) as Record<string, unknown>;
  const known = LEVELS[String(level)] ?? 'info';
  const said = Object.entries(trace === undefined ? data : { ...data, trace });
  const short = said.filter(([, value]) => !isLong(value));
  const long = said.filter(([, value]) => isLong(value));
  const paint = (code: string, text: string): string =>
    settings.color && code !== '' && text !== '' ? `${code}${text}${RESET}` : text;
  const words = [
    paint(DIM, localTime(String(time), settings.timeZone)),
    paint(COLORS[known], known.toUpperCase().padEnd(5)),
    plain(String(message)),
    paint(DIM, short.map(([name, value]) => `${name}=${shown(value)}`).join(' ')),
  ];
  const below = long.map(([name, value]) => `    ${name}: ${indented(String(value))}\n`);
  return `${words.filter((word) => word !== '').join(' ')}\n${below.join('')}`;
}

/** A stack: it stays readable only over several lines. */
function isLong(value: unknown): boolean {
  return typeof value === 'string' && value.includes('\n');
}

function indented(text: string): string {
  return text.split('\n').map(plain).join('\n      ');
}

/** What a terminal would obey is shown instead. */
function plain(text: string): string {
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\x${code.toString(16).padStart(2, '0')}`;
  });
}

function shown(value: unknown): string {
  if (typeof value === 'string') {
    return /^[\w./:@+,%=~-]+$/u.test(value) ? value : plain(JSON.stringify(value));
  }
  return typeof value === 'number' ? String(round(value)) : plain(JSON.stringify(value) ?? 'none');
}

/** A person needs no more digits. */
function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

function localTime(time: string, timeZone: string): string {
  const local = Temporal.Instant.from(time).toZonedDateTimeISO(timeZone).toPlainDateTime();
  return local.toString({ smallestUnit: 'millisecond' }).replace('T', ' ');
}
