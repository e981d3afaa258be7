import type { Finding } from '../finding/index.ts';
import type { Confirmation } from './confirmation.ts';
import type { EngineSummary } from './engine.ts';
import type { RunHistory, RunPhase } from './run-events.ts';

/** What one guarded command was, for people (stderr) and for programs (a JSON file). */
export interface RunSummary extends RunHistory {
  readonly exitCode: number;
  readonly durationMilliseconds: number;
  /** Absent where the command ran without the engine. */
  readonly engine: EngineSummary | undefined;
  readonly notices: readonly string[];
  /** Why the command failed, the root first. */
  readonly diagnosis: readonly Finding[];
  /** Whether its root is so at the end of the run, where that was looked at. */
  readonly confirmation?: Confirmation | undefined;
}

/** One line: people read it after every build. */
export function formatRunSummary(
  engine: EngineSummary,
  durationMilliseconds: number,
  phases: readonly RunPhase[] = [],
): string {
  const parts = [
    `${count(engine.modules, 'module')} (${formatBytes(engine.bytesServed)})`,
    `${count(engine.upstreamRequests, 'upstream request')} (${formatBytes(engine.bytesFetched)})`,
    count(engine.retries, 'retry', 'retries'),
    ...(engine.failures === 0 ? [] : [count(engine.failures, 'failure')]),
    formatSeconds(durationMilliseconds) + formatPhases(phases),
  ];
  return parts.join(', ');
}

/** Only where the command did not do all by itself. */
function formatPhases(phases: readonly RunPhase[]): string {
  const total = (wanted: RunPhase['name']): number =>
    phases
      .filter(({ name, outcome }) => name === wanted && outcome !== 'skipped')
      .reduce((sum, { durationMilliseconds }) => sum + durationMilliseconds, 0);
  const download = total('download');
  if (download === 0) return '';
  return ` (download ${formatSeconds(download)}, command ${formatSeconds(total('command'))})`;
}

function count(number: number, one: string, many: string = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  // From 999.5 on three digits would round to 1000.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? ''}`;
}

function formatSeconds(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}
