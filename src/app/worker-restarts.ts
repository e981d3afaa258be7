import type { Clock } from '../platform/index.ts';

/** How long the next worker waits that replaces a dead one. */
export interface WorkerRestarts {
  /** Told of a death, and how long that worker had lived. */
  delayAfter(livedMilliseconds: number): number;
}

/** One that lived so long did not die of its start: what replaces it begins at once. */
const SETTLED_MILLISECONDS = 30_000;
/** One death can happen to anybody; from the second on in a row something is wrong with all of them. */
const FIRST_DELAY_MILLISECONDS = 200;
/** Clients are served by the others meanwhile, and a process that dies at once costs half a second. */
const LONGEST_DELAY_MILLISECONDS = 10_000;
/** Deaths longer ago than this are another story. */
const FORGOTTEN_MILLISECONDS = 60_000;

export function createWorkerRestarts({ clock }: { readonly clock: Clock }): WorkerRestarts {
  let early = 0;
  let last = Number.NEGATIVE_INFINITY;
  return {
    delayAfter(livedMilliseconds) {
      const now = clock.monotonicMilliseconds();
      if (now - last > FORGOTTEN_MILLISECONDS) early = 0;
      last = now;
      if (livedMilliseconds >= SETTLED_MILLISECONDS) return 0;
      early += 1;
      return early === 1
        ? 0
        : Math.min(FIRST_DELAY_MILLISECONDS * 2 ** (early - 2), LONGEST_DELAY_MILLISECONDS);
    },
  };
}
