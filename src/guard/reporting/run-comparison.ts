import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Clock } from '../../platform/index.ts';
import { compareRun, judge } from '../baseline/index.ts';
import type { ComparedRun, Comparison, Fingerprint, GoodRuns, Verdict } from '../baseline/index.ts';
import type { EngineSummary } from '../engine.ts';
import type { RunSummary } from '../run-summary.ts';
import type { BuildSystem } from './build-system.ts';

/** Close together where most builds end. */
const SAMPLE_SECONDS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600] as const;
const KEY_DIGITS = 24;

/** How many modules the engine had served after so many seconds, as far as the run went. */
export interface ProgressSamples {
  taken(): readonly (readonly [number, number])[];
  stop(): void;
}

export function sampleProgress(
  clock: Pick<Clock, 'after'>,
  engine: () => EngineSummary | undefined,
): ProgressSamples {
  const samples: [number, number][] = [];
  const timers = SAMPLE_SECONDS.map((seconds) =>
    clock.after(seconds * 1000, () => {
      samples.push([seconds, engine()?.modules ?? 0]);
    }),
  );
  return {
    taken: () => [...samples],
    stop() {
      for (const timer of timers) timer.cancel();
    },
  };
}

export interface ComparisonRequest {
  readonly summary: RunSummary;
  readonly system: BuildSystem;
  readonly directory: string;
  readonly fingerprint: Fingerprint;
  readonly progress: ProgressSamples;
  /** The stage alone says which work it is: a command may hold the name of a temporary file. */
  readonly byStage: boolean;
}

export interface Compared {
  readonly comparison: Comparison;
  readonly verdict: Verdict | undefined;
}

/** Compares a run with the good ones of the same work; one that succeeded is one of them from then on. */
export async function compareWithGoodRuns(
  needs: { readonly clock: Pick<Clock, 'epochMilliseconds'>; readonly history: GoodRuns },
  request: ComparisonRequest,
): Promise<Compared> {
  const { summary } = request;
  const run = toComparedRun(request);
  const comparison = compareRun(run, await needs.history.read(run.key));
  if (summary.exitCode === 0) {
    const { cutOff: _, ...good } = run;
    await needs.history.add({ time: needs.clock.epochMilliseconds(), ...good });
    return { comparison, verdict: undefined };
  }
  const judged = {
    isTimedOut: isTimedOut(summary),
    engineFailures: summary.engine?.failures ?? 0,
    stalls: summary.stalls.length,
    files: summary.engine?.files,
    root: summary.diagnosis[0],
  };
  return { comparison, verdict: judge(judged, comparison) };
}

function toComparedRun({
  summary,
  system,
  directory,
  fingerprint,
  progress,
  byStage,
}: ComparisonRequest): ComparedRun {
  const { inputs } = fingerprint;
  const { engine, durationMilliseconds } = summary;
  const stages: Record<string, number> = {};
  for (const { name, outcome, durationMilliseconds: time } of summary.phases) {
    if (outcome !== 'done' || name === 'prepare' || name === 'finish') continue;
    stages[name] = (stages[name] ?? 0) + time;
  }
  // A patch release of Go changes no durations, a minor one may.
  const line = /^go\d+\.\d+/.exec(inputs['GOVERSION'] ?? '')?.[0] ?? '';
  const project = system.project === '' ? basename(directory) : system.project;
  const command = byStage ? '' : inputs['command'];
  const work = [project, system.job, system.stage, system.runner, line, command];
  return {
    key: createHash('sha256').update(JSON.stringify(work)).digest('hex').slice(0, KEY_DIGITS),
    isCold: (engine?.modules ?? 0) > 0,
    modulesDigest: `${inputs['go.sum'] ?? ''}/${inputs['go.work.sum'] ?? ''}`,
    stages,
    bytes: engine?.bytesServed ?? 0,
    modules: engine?.modules ?? 0,
    progress: progress.taken(),
    inputs,
    cutOff: isTimedOut(summary)
      ? { seconds: durationMilliseconds / 1000, modules: engine?.modules ?? 0 }
      : undefined,
  };
}

function isTimedOut({ phases }: RunSummary): boolean {
  return phases.some(({ outcome }) => outcome === 'timed-out');
}
