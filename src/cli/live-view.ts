import type { ServiceSnapshot, WatchedFailure, WatchedUpstream } from './needs.ts';
import { formatBytes, plainText } from './format-text.ts';

export interface LiveViewSettings {
  readonly columns: number;
  readonly color: boolean;
  /** IANA name. */
  readonly timeZone: string;
}

/** The order in which a person asks: how many were good, how many were not. */
const OUTCOMES = ['hit', 'fill', 'joined', 'stale', 'bypass', 'failed'] as const;
/** More would scroll the rest away on an ordinary terminal. */
const UPSTREAMS_SHOWN = 8;
const FAILURES_SHOWN = 5;

const GREEN = '32';
const YELLOW = '33';
const RED = '1;31';
const DIM = '2';

type Paint = (code: string, text: string) => string;

/** The state of the server as lines that fit the terminal; rates are since the snapshot before. */
export function renderLiveView(
  before: ServiceSnapshot,
  now: ServiceSnapshot,
  settings: LiveViewSettings,
): readonly string[] {
  const paint: Paint = (code, text) =>
    settings.color && text !== '' ? `\u001B[${code}m${text}\u001B[0m` : text;
  const lines = [
    head(now, paint),
    '',
    ...requestLines(before, now, paint),
    '',
    ...upstreamLines(now.upstreams, paint, settings),
    '',
    ...failureLines(now.failures, paint, settings),
    paint(DIM, 'Ctrl-C stops it'),
  ];
  return lines.map((line) => cut(line, settings.columns));
}

function head({ address, level, reason, uptimeSeconds }: ServiceSnapshot, paint: Paint): string {
  const color = level === 'L0' ? GREEN : level === 'L1' ? YELLOW : RED;
  const why = reason === '' ? '' : ` (${plainText(reason)})`;
  return `cofferdam at ${address}  up ${duration(uptimeSeconds)}  level ${paint(color, level)}${why}`;
}

function requestLines(
  before: ServiceSnapshot,
  now: ServiceSnapshot,
  paint: Paint,
): readonly string[] {
  const seconds = Math.max(0.001, now.uptimeSeconds - before.uptimeSeconds);
  const rate = (read: (snapshot: ServiceSnapshot) => number): number =>
    Math.max(0, read(now) - read(before)) / seconds;
  const each = OUTCOMES.map((outcome) => {
    const perSecond = rate(({ requests }) => requests[outcome] ?? 0);
    const text = `${outcome} ${number(perSecond)}/s`;
    return outcome === 'failed' && perSecond > 0 ? paint(RED, text) : text;
  });
  const all = rate(totalOf);
  const bytes = rate(({ bytes }) => bytes);
  return [
    `requests   ${number(all)}/s   ${formatBytes(bytes)}/s   hits ${hitRatio(now)} of ${count(totalOf(now))} since the start`,
    `           ${each.join('   ')}`,
  ];
}

function totalOf({ requests }: ServiceSnapshot): number {
  return Object.values(requests).reduce((sum, value) => sum + value, 0);
}

/** Of what was answered from what could have been stored. */
function hitRatio({ requests }: ServiceSnapshot): string {
  const of = (name: string): number => requests[name] ?? 0;
  const stored = of('hit') + of('stale');
  const all = stored + of('fill') + of('joined');
  return all === 0 ? '-' : `${((stored / all) * 100).toFixed(1)} %`;
}

function upstreamLines(
  upstreams: readonly WatchedUpstream[],
  paint: Paint,
  settings: LiveViewSettings,
): readonly string[] {
  const shown = upstreams.slice(0, UPSTREAMS_SHOWN);
  const rest = upstreams.length - shown.length;
  const width = Math.min(44, Math.max(9, ...shown.map(({ name }) => name.length)));
  return [
    paint(DIM, `${'upstreams'.padEnd(width)}  state       p50      p95      errors`),
    ...shown.map((upstream) => upstreamLine(upstream, width, paint, settings)),
    ...(rest > 0 ? [`… and ${rest} more`] : []),
  ];
}

function upstreamLine(
  upstream: WatchedUpstream,
  width: number,
  paint: Paint,
  settings: LiveViewSettings,
): string {
  const { name, state, p50Milliseconds, p95Milliseconds, errorRatio, lastFailure } = upstream;
  const isGood = state === 'healthy' || state === 'held-up';
  const color = isGood ? GREEN : state === 'trying' ? YELLOW : RED;
  const why =
    isGood || lastFailure === undefined
      ? ''
      : `  ${upstream.nextProbe === undefined ? '' : `next try ${clock(upstream.nextProbe, settings)}: `}${plainText(lastFailure)}`;
  return [
    plainText(name).padEnd(width),
    paint(color, state.padEnd(10)),
    milliseconds(p50Milliseconds).padEnd(7),
    milliseconds(p95Milliseconds).padEnd(7),
    `${(errorRatio * 100).toFixed(0)} %${why}`,
  ].join('  ');
}

function failureLines(
  failures: readonly WatchedFailure[],
  paint: Paint,
  settings: LiveViewSettings,
): readonly string[] {
  if (failures.length === 0) return [];
  return [
    paint(DIM, 'last failures'),
    ...failures.slice(0, FAILURES_SHOWN).map(({ time, status, path, cause }) => {
      const when = clock(time, settings);
      return `${when}  ${paint(RED, String(status))}  ${plainText(path)}  ${plainText(cause ?? '')}`;
    }),
    '',
  ];
}

function clock(time: string, { timeZone }: LiveViewSettings): string {
  const local = Temporal.Instant.from(time).toZonedDateTimeISO(timeZone).toPlainTime();
  return local.toString({ smallestUnit: 'second' });
}

function duration(seconds: number): string {
  const whole = Math.trunc(seconds);
  const parts = [Math.trunc(whole / 3600), Math.trunc(whole / 60) % 60, whole % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? '-' : `${number(value)} ms`;
}

function number(value: number): string {
  return value >= 100 || value === 0 ? count(value) : value.toFixed(1);
}

/** With a thin space between thousands nothing breaks; a comma is read by most. */
function count(value: number): string {
  return String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/gu, ',');
}

/** To the width of the terminal: a line that wraps would break the drawing. Colours take no room. */
function cut(line: string, columns: number): string {
  let room = Math.max(1, columns - 1);
  let out = '';
  for (const part of line.split(/(\u001B\[[\d;]*m)/u)) {
    if (part.startsWith('\u001B')) {
      out += part;
    } else {
      const characters = Array.from(part).slice(0, room);
      out += characters.join('');
      room -= characters.length;
    }
  }
  return out;
}
