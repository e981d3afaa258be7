import { ProgramError } from './errors.ts';
import type { Timer } from './timers.ts';

type StartTimer = (milliseconds: number, run: () => void) => Timer;

/** The part of `Clock.deadline` that real and test clocks share. */
export function createDeadline(
  startTimer: StartTimer,
  milliseconds: number,
  signal: AbortSignal | undefined,
): AbortSignal {
  if (signal?.aborted === true) return AbortSignal.abort(signal.reason);
  const controller = new AbortController();
  const timer = startTimer(milliseconds, () => {
    signal?.removeEventListener('abort', follow);
    controller.abort(
      new ProgramError({
        code: 'timeout',
        kind: 'timeout',
        message: `the time limit of ${milliseconds} ms is over`,
      }),
    );
  });
  function follow(): void {
    timer.cancel();
    controller.abort(signal?.reason);
  }
  signal?.addEventListener('abort', follow, { once: true });
  return controller.signal;
}

/** The part of `Clock.sleep` that real and test clocks share. */
export function sleepUntilTimer(
  startTimer: StartTimer,
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(reasonOf(signal));
      return;
    }
    const timer = startTimer(milliseconds, () => {
      signal?.removeEventListener('abort', stop);
      resolve();
    });
    function stop(): void {
      timer.cancel();
      reject(reasonOf(signal));
    }
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Whoever aborts may give anything as the reason; whoever waits gets an error. */
function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
