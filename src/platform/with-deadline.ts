import { ProgramError } from './errors.ts';
import type { Clock } from './clock.ts';

/**
 * Runs the work with a signal that aborts after the time, or when `outer` does, and forgets the timer
 * when the work ends. `Clock.deadline` keeps its timer to the end: half an hour for each of a million
 * short fetches would fill the memory.
 */
export async function withDeadline<Result>(
  clock: Pick<Clock, 'after'>,
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<Result>,
  outer?: AbortSignal,
): Promise<Result> {
  const controller = new AbortController();
  function follow(): void {
    controller.abort(outer?.reason);
  }
  const timer = clock.after(milliseconds, () => {
    controller.abort(
      new ProgramError({
        code: 'timeout',
        kind: 'timeout',
        message: `the time limit of ${milliseconds} ms is over`,
      }),
    );
  });
  if (outer?.aborted === true) follow();
  else outer?.addEventListener('abort', follow, { once: true });
  try {
    return await work(controller.signal);
  } finally {
    timer.cancel();
    outer?.removeEventListener('abort', follow);
  }
}
