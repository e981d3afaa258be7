import type { GoodRun } from './good-run.ts';

/** Reference alerting 4.5: one good run may itself have been slow. */
const LEAST_RUNS = 3;
const MOST_RUNS = 10;
/** The ratio from which a completed stage counts as slower (reference alerting 1.2). */
export const SLOW_RATIO = 1.5;

/** How long a stage took now, and in good runs of the same work. */
export interface StageComparison {
  readonly name: string;
  readonly milliseconds: number;
  readonly medianMilliseconds: number;
  readonly leastMilliseconds: number;
  readonly mostMilliseconds: number;
  /** By time, or for a download of other modules by time for each byte. */
  readonly ratio: number;
  readonly scale: 'time' | 'bytes';
}

/** How far a stage that did not end had come, beside good runs after the same time. */
export interface ProgressComparison {
  readonly seconds: number;
  readonly modules: number;
  readonly medianModules: number;
}

export type Comparison =
  | {
      readonly kind: 'no-baseline';
      /** Good runs of the same work that are known; this many are needed. */
      readonly runs: number;
      readonly needed: number;
    }
  | {
      readonly kind: 'compared';
      readonly runs: number;
      /** Only stages that came to their end: one that was cut off tells nothing by its duration. */
      readonly stages: readonly StageComparison[];
      readonly progress: ProgressComparison | undefined;
      /** What the newest good run was made from and this one is not, by name. */
      readonly changed: readonly string[];
    };

/** This run, as it is compared. */
export interface ComparedRun extends Omit<GoodRun, 'time'> {
  /** Stages that came to their end; the others are left out. */
  readonly stages: Readonly<Record<string, number>>;
  /** Set where the run was cut off. */
  readonly cutOff: { readonly seconds: number; readonly modules: number } | undefined;
}

/** `history` has the newest first. */
export function compareRun(run: ComparedRun, history: readonly GoodRun[]): Comparison {
  const alike = history.filter(({ key, isCold }) => key === run.key && isCold === run.isCold);
  const same = alike.filter(({ modulesDigest }) => modulesDigest === run.modulesDigest);
  const isSame = same.length >= LEAST_RUNS;
  const good = (isSame ? same : alike).slice(0, MOST_RUNS);
  if (good.length < LEAST_RUNS) {
    return { kind: 'no-baseline', runs: good.length, needed: LEAST_RUNS };
  }
  const stages = Object.entries(run.stages).flatMap(([name, milliseconds]) => {
    const scale = name === 'download' && !isSame && run.bytes > 0 ? 'bytes' : 'time';
    return compareStage(name, milliseconds, scale, run.bytes, good) ?? [];
  });
  return {
    kind: 'compared',
    runs: good.length,
    stages,
    progress: compareProgress(run.cutOff, good),
    changed: changedInputs(run.inputs, history[0]?.inputs ?? {}),
  };
}

function compareStage(
  name: string,
  milliseconds: number,
  scale: 'time' | 'bytes',
  bytes: number,
  good: readonly GoodRun[],
): StageComparison | undefined {
  const known = good.flatMap((run) => {
    const time = run.stages[name];
    return time === undefined || (scale === 'bytes' && run.bytes === 0)
      ? []
      : [{ time, bytes: run.bytes }];
  });
  if (known.length < LEAST_RUNS) return undefined;
  const times = known.map(({ time }) => time);
  const medianMilliseconds = median(times);
  const usual =
    scale === 'bytes'
      ? median(known.map((run) => run.time / run.bytes)) * bytes
      : medianMilliseconds;
  return {
    name,
    milliseconds,
    medianMilliseconds,
    leastMilliseconds: Math.min(...times),
    mostMilliseconds: Math.max(...times),
    // A stage of no time at all cannot be slower by a factor.
    ratio: usual === 0 ? 1 : milliseconds / usual,
    scale,
  };
}

function compareProgress(
  cutOff: ComparedRun['cutOff'],
  good: readonly GoodRun[],
): ProgressComparison | undefined {
  if (cutOff === undefined) return undefined;
  const reached = good.flatMap(({ progress, modules, stages }) => {
    const total = Object.values(stages).reduce((sum, time) => sum + time, 0) / 1000;
    if (cutOff.seconds >= total) return [modules];
    return progress.findLast(([seconds]) => seconds <= cutOff.seconds)?.[1] ?? [];
  });
  if (reached.length < LEAST_RUNS) return undefined;
  return { ...cutOff, medianModules: median(reached) };
}

function changedInputs(
  now: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>>,
): readonly string[] {
  const names = new Set([...Object.keys(now), ...Object.keys(before)]);
  return [...names].filter((name) => now[name] !== before[name]).toSorted();
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
