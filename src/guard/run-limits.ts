import type { Clock } from '../platform/index.ts';
import type { WaitingRequest } from './engine.ts';

/** What ended a run before its command did. */
export interface PassedLimit {
  readonly flag: '--timeout' | '--stall-timeout';
  readonly milliseconds: number;
  /** What was waited for at that moment; undefined where nothing was. */
  readonly waiting: WaitingRequest | undefined;
}

/** The limits that the user set for a run. */
export interface RunLimits {
  /** Aborts once one has passed. */
  readonly signal: AbortSignal;
  readonly passed: PassedLimit | undefined;
  pass(limit: PassedLimit): void;
  close(): void;
}

/** `waiting` is asked at the moment at which the time is over. */
export function openRunLimits(
  clock: Pick<Clock, 'after'>,
  timeoutMilliseconds: number | undefined,
  waiting: () => readonly WaitingRequest[],
): RunLimits {
  const controller = new AbortController();
  let passed: PassedLimit | undefined;
  function pass(limit: PassedLimit): void {
    if (passed !== undefined) return;
    passed = limit;
    controller.abort();
  }
  const timer =
    timeoutMilliseconds === undefined
      ? undefined
      : clock.after(timeoutMilliseconds, () => {
          const milliseconds = timeoutMilliseconds;
          pass({ flag: '--timeout', milliseconds, waiting: longSilent(waiting()) });
        });
  return {
    signal: controller.signal,
    get passed(): PassedLimit | undefined {
      return passed;
    },
    pass,
    close: () => timer?.cancel(),
  };
}

/** A request that began a moment ago explains nothing. */
const LONG_MILLISECONDS = 1000;

function longSilent(waiting: readonly WaitingRequest[]): WaitingRequest | undefined {
  return waiting.find(({ silentMilliseconds }) => silentMilliseconds >= LONG_MILLISECONDS);
}
