import type { Clock } from '../platform/index.ts';

/** Whether the upstreams of one list can be asked at all, learned from what became of the last questions. */
export interface UpstreamTrouble {
  /**
   * `well`: ask. `failing`: do not keep anybody waiting for an answer. `probe`: as failing, but this
   * caller shall ask once, to see whether it is over.
   */
  state(): 'well' | 'failing' | 'probe';
  /** Without taking anybody's turn to ask. */
  isWell(): boolean;
  /** Nobody could be reached. */
  unreachable(): void;
  /** This one question failed or was late; others may do better. */
  failed(key: string): void;
  answered(): void;
}

/** Between two probes; each costs a walk with retries while upstreams fail. */
const PROBE_MILLISECONDS = 5000;
/** One question may fail by itself; three different ones in a row do not. */
const FAILURES = 3;

export function createUpstreamTrouble(clock: Clock): UpstreamTrouble {
  const failures = new Set<string>();
  /** Set while failing. */
  let nextProbe: number | undefined;

  function begin(): void {
    nextProbe = clock.monotonicMilliseconds() + PROBE_MILLISECONDS;
    failures.clear();
  }

  return {
    state() {
      if (nextProbe === undefined) {
        return 'well';
      }
      if (clock.monotonicMilliseconds() < nextProbe) {
        return 'failing';
      }
      begin();
      return 'probe';
    },
    isWell: () => nextProbe === undefined,
    unreachable: begin,
    failed(key) {
      failures.add(key);
      if (failures.size >= FAILURES) {
        begin();
      }
    },
    answered() {
      nextProbe = undefined;
      failures.clear();
    },
  };
}
