import type { Clock } from '../../platform/index.ts';

/** Notices when the event loop is late, so that clients wait. */
export interface LagWatch {
  /** False while it is late. */
  isCalm(): boolean;
  close(): void;
}

/** Often enough to stop within a few fetches. */
const LOOK_MILLISECONDS = 20;
/** A burst of small work may take this long; clients notice more. */
const LATE_MILLISECONDS = 50;
/** Much later than that, even what runs already is too much. */
const TOO_LATE_MILLISECONDS = 250;
/** Nobody asked for this long: stop looking. */
const REST_MILLISECONDS = 200;

export interface LagListeners {
  readonly calmAgain: () => void;
  readonly tooLate: () => void;
}

export function createLagWatch(clock: Clock, listeners: LagListeners): LagWatch {
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
      if (now - expected > TOO_LATE_MILLISECONDS) {
        listeners.tooLate();
      }
      if (isLate || now - lastNeeded < REST_MILLISECONDS) {
        look();
      }
      if (wasLate && !isLate) {
        listeners.calmAgain();
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
