import type { Signals } from '../guard/index.ts';

/** Those that would end the program where nobody listens. */
const ENDING: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'];

/** Signals that are heard from now on, so that nothing stays behind that is to be removed. */
export interface KeptSignals extends Signals {
  /** The system decides again what a signal does. */
  close(): void;
}

/** What comes before somebody listens is told to him as he begins; what comes after him changes nothing. */
export function keepSignals(signals: Signals): KeptSignals {
  let early: NodeJS.Signals[] = [];
  let isHeard = false;
  const close = signals.listen(ENDING, (name) => {
    if (!isHeard) early.push(name);
  });
  return {
    close,
    listen(names, listener) {
      isHeard = true;
      const stop = signals.listen(names, listener);
      for (const name of early) if (names.includes(name)) listener(name);
      early = [];
      return stop;
    },
  };
}
