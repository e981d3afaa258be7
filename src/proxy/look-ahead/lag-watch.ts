import type { Clock } from '../../platform/index.ts';

/** Notices when the event loop is late, so that clients wait. */
export interface LagWatch {
  /** False while it is late; what it was made with is told when that is over. */
  isCalm(): boolean;
  close(): void;
}

/** Often enough to stop within a few fetches. */
const LOOK_MILLISECONDS = 20;
/** A burst of small work may take this long; clients notice more. */
const LATE_MILLISECONDS = 50;
/** Nobody asked for this long: stop looking. */
const REST_MILLISECONDS = 200;

export function createLagWatch(clock: Clock, calmAgain: () => void): LagWatch {
  let timer: { cancel(): void } | undefined;
  let expected = 0;
  let lastNeeded = 0;
  let isLate = false;

  function look(): void {
    expected = clock.monotonicMilliseconds() + LOOK_MILLISECONDS;
    timer = clock.after(LOOK_MILLISECONDS, () => {
      const now = clock.monotonicMilliseconds();
      const wasLate = isLate;
      isLate = now - expected > LATE_MILLISECONDS;
      timer = undefined;
      if (isLate || now - lastNeeded < REST_MILLISECONDS) {
        look();
      }
      if (wasLate && !isLate) {
        calmAgain();
      }
    });
  }

  return {
    isCalm() {
      lastNeeded = clock.monotonicMilliseconds();
      if (timer === undefined) {
        look();
      }
      return !isLate;
    },
    close() {
      timer?.cancel();
    },
  };
}
