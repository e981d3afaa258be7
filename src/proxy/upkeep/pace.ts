import type { Clock } from '../../platform/index.ts';

/** Keeps work in the background at a rate that nobody notices. */
export interface Pace {
  /** Says that so much was done; resolves when the next may begin. */
  spend(bytes: number): Promise<void>;
}

/** An artifact of some bytes costs a seek all the same. */
const LEAST_BYTES = 16 * 1024;
/** Shorter sleeps cost more than they order. */
const SHORTEST_MILLISECONDS = 20;

export function createPace(clock: Clock, bytesPerSecond: number, signal: AbortSignal): Pace {
  let due = clock.monotonicMilliseconds();
  return {
    async spend(bytes) {
      const now = clock.monotonicMilliseconds();
      due = Math.max(due, now - 1000) + (Math.max(bytes, LEAST_BYTES) / bytesPerSecond) * 1000;
      if (due - now >= SHORTEST_MILLISECONDS) {
        await clock.sleep(due - now, signal).catch(() => undefined);
      }
    },
  };
}
