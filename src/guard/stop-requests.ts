/** The signals that this process receives, as a port. */
export interface Signals {
  /** Calls `listener` instead of the default action until the returned function is called. */
  listen(names: readonly NodeJS.Signals[], listener: (name: NodeJS.Signals) => void): () => void;
}

/** What `run` passes on. KILL and STOP cannot be caught; the window's size is nobody's business. */
const forwardedSignals: readonly NodeJS.Signals[] = [
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
];

/** True for a signal whose sender wants the command to end. */
export function asksToStop(name: NodeJS.Signals): boolean {
  return name !== 'SIGUSR1' && name !== 'SIGUSR2';
}

/** Signals from the first moment on: kept until somebody takes them over, so that none is lost. */
export interface SignalInbox {
  /** Aborts at the first signal that asks to stop while nobody has taken over. */
  readonly stopped: AbortSignal;
  /** The signal that aborted `stopped`. */
  readonly stoppedBy: NodeJS.Signals | undefined;
  /** Until the returned function is called; what came before is told at once. */
  takeOver(listener: (name: NodeJS.Signals) => void): () => void;
  close(): void;
}

export function openSignalInbox(signals: Signals): SignalInbox {
  const controller = new AbortController();
  let stoppedBy: NodeJS.Signals | undefined;
  let listener = keep;
  function keep(name: NodeJS.Signals): void {
    if (!asksToStop(name) || stoppedBy !== undefined) return;
    stoppedBy = name;
    controller.abort();
  }
  const close = signals.listen(forwardedSignals, (name) => listener(name));
  return {
    stopped: controller.signal,
    get stoppedBy(): NodeJS.Signals | undefined {
      return stoppedBy;
    },
    takeOver: (next) => {
      listener = next;
      if (stoppedBy !== undefined) next(stoppedBy);
      return () => {
        listener = keep;
      };
    },
    close,
  };
}
