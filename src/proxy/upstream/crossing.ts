import type { Clock } from '../../platform/index.ts';

/**
 * Whether the failure of an upstream lets this one resource cross a comma. Only somebody who can
 * prove the bytes knows (interface.md, `--upstream`), and finding out may take a request of its own.
 */
export interface Crossing {
  /** Undefined while it is being found out; the first call begins. */
  isAllowed(): boolean | undefined;
  isPending(): boolean;
}

/** A record that was not proven by then is no help any more to whoever waits. */
const CROSSING_MILLISECONDS = 10_000;

export function createCrossing(
  clock: Clock,
  ask: (() => Promise<boolean>) | undefined,
  changed: () => void,
): Crossing {
  let answer: boolean | undefined = ask === undefined ? false : undefined;
  let isPending = false;

  function settle(isAllowed: boolean): void {
    if (answer === undefined) {
      answer = isAllowed;
      isPending = false;
      changed();
    }
  }

  return {
    isAllowed() {
      if (answer === undefined && !isPending && ask !== undefined) {
        isPending = true;
        const timer = clock.after(CROSSING_MILLISECONDS, () => settle(false));
        ask().then(
          (isAllowed) => {
            timer.cancel();
            settle(isAllowed);
          },
          () => settle(false),
        );
      }
      return answer;
    },
    isPending: () => isPending,
  };
}
