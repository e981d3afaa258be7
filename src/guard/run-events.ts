import type { Clock } from '../platform/index.ts';

/** In this order; `download` and `command` may be there more than once, one for each try. */
export type PhaseName = 'prepare' | 'download' | 'command' | 'finish';

/** `stopped`: a signal to us ended it; `timed-out`: a limit that was set did. */
export type PhaseOutcome = 'done' | 'failed' | 'skipped' | 'stopped' | 'timed-out';

/** One stretch of a guarded run. Times are milliseconds since the run began. */
export interface RunPhase {
  readonly name: PhaseName;
  /** From 1. */
  readonly attempt: number;
  readonly startedMilliseconds: number;
  readonly endedMilliseconds: number;
  readonly durationMilliseconds: number;
  readonly outcome: PhaseOutcome;
  /** Why it was skipped, or what came of it; without secrets. */
  readonly detail?: string | undefined;
}

/** A phase that is tried again. */
export interface RunRetry {
  readonly phase: 'download' | 'command';
  /** The try that failed, from 1. */
  readonly attempt: number;
  readonly atMilliseconds: number;
  /** How long it waits before the next. */
  readonly waitMilliseconds: number;
  /** The code of the finding that called for it. */
  readonly because: string;
}

/** An upstream from which nothing comes although somebody waits for it. */
export interface RunStall {
  /** Without user info and query. */
  readonly url: string;
  readonly atMilliseconds: number;
  /** For how long nothing had come at that moment. */
  readonly silentMilliseconds: number;
  /** How many others were silent as long as the limit, at that moment. */
  readonly others: number;
}

/** What happens during a guarded run, as it happens: for whoever reports it. */
export type RunEvent =
  | {
      readonly kind: 'phase-begun';
      readonly name: PhaseName;
      readonly attempt: number;
      readonly startedMilliseconds: number;
    }
  | { readonly kind: 'phase-ended'; readonly phase: RunPhase }
  | { readonly kind: 'retry'; readonly retry: RunRetry }
  | { readonly kind: 'stall'; readonly stall: RunStall };

/** The same, collected: part of RunSummary. */
export interface RunHistory {
  readonly phases: readonly RunPhase[];
  readonly retries: readonly RunRetry[];
  readonly stalls: readonly RunStall[];
}

/** Writes the history and tells each event. */
export interface RunRecord {
  /** Ends the phase that it began; later calls change nothing. */
  begin(name: PhaseName, attempt?: number): (outcome: PhaseOutcome, detail?: string) => void;
  retry(retry: Omit<RunRetry, 'atMilliseconds'>): void;
  stall(stall: Omit<RunStall, 'atMilliseconds'>): void;
  elapsed(): number;
  history(): RunHistory;
}

/** A run that hangs for hours tells its stalls again and again; the first ones say it all. */
const MOST_STALLS = 100;

export function createRunRecord(
  clock: Pick<Clock, 'monotonicMilliseconds'>,
  observe: (event: RunEvent) => void,
): RunRecord {
  const beganAt = clock.monotonicMilliseconds();
  const phases: RunPhase[] = [];
  const retries: RunRetry[] = [];
  const stalls: RunStall[] = [];

  function elapsed(): number {
    return Math.round(clock.monotonicMilliseconds() - beganAt);
  }

  return {
    elapsed,
    begin(name, attempt = 1) {
      const startedMilliseconds = elapsed();
      let isOver = false;
      observe({ kind: 'phase-begun', name, attempt, startedMilliseconds });
      return (outcome, detail) => {
        if (isOver) return;
        isOver = true;
        const endedMilliseconds = elapsed();
        const durationMilliseconds = endedMilliseconds - startedMilliseconds;
        const times = { startedMilliseconds, endedMilliseconds, durationMilliseconds };
        const phase = { name, attempt, ...times, outcome, detail };
        phases.push(phase);
        observe({ kind: 'phase-ended', phase });
      };
    },
    retry(told) {
      const retry = { ...told, atMilliseconds: elapsed() };
      retries.push(retry);
      observe({ kind: 'retry', retry });
    },
    stall(told) {
      const stall = { ...told, atMilliseconds: elapsed() };
      if (stalls.length < MOST_STALLS) stalls.push(stall);
      observe({ kind: 'stall', stall });
    },
    history: () => ({ phases: [...phases], retries: [...retries], stalls: [...stalls] }),
  };
}
