import type { Signals } from '../guard/index.ts';

/** The signals of this process. */
export interface SystemSignals extends Signals {
  /** Waits for one of the signals, and for one more. */
  waitFor(names: readonly NodeJS.Signals[]): SignalWait;
}

export interface SignalWait {
  readonly arrived: Promise<void>;
  readonly arrivedAgain: Promise<void>;
  close(): void;
}

/** Listens to `source`, which is the process itself outside of tests. */
export function createSystemSignals(source: Pick<NodeJS.Process, 'on' | 'off'>): SystemSignals {
  function listen(
    names: readonly NodeJS.Signals[],
    listener: (name: NodeJS.Signals) => void,
  ): () => void {
    for (const name of names) source.on(name, listener);
    return () => {
      for (const name of names) source.off(name, listener);
    };
  }
  return {
    listen,
    waitFor(names) {
      const first = Promise.withResolvers<void>();
      const second = Promise.withResolvers<void>();
      let count = 0;
      const close = listen(names, () => {
        count += 1;
        if (count === 1) first.resolve();
        else second.resolve();
      });
      return { arrived: first.promise, arrivedAgain: second.promise, close };
    },
  };
}
