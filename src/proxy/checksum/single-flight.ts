/** Merges simultaneous questions with the same key into one. */
export interface SingleFlight<Result> {
  /** `joined` says that somebody else had asked already. */
  run(
    key: string,
    ask: () => Promise<Result>,
  ): { readonly joined: boolean; readonly result: Promise<Result> };
}

export function createSingleFlight<Result>(): SingleFlight<Result> {
  const flights = new Map<string, Promise<Result>>();
  return {
    run: (key, ask) => {
      const flight = flights.get(key);
      if (flight !== undefined) {
        return { joined: true, result: flight };
      }
      const started = ask().finally(() => flights.delete(key));
      flights.set(key, started);
      // Everybody may have left before it fails.
      started.catch(() => undefined);
      return { joined: false, result: started };
    },
  };
}

/** Waits for work that others may wait for too: giving up ends only the waiting. */
export async function waitFor<Result>(
  work: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (signal === undefined) {
    return await work;
  }
  signal.throwIfAborted();
  const gone = Promise.withResolvers<never>();
  function leave(): void {
    gone.reject(signal?.reason);
  }
  signal.addEventListener('abort', leave);
  try {
    return await Promise.race([work, gone.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

/** Runs work one after the other, in the order of asking. */
export function createOneAtATime(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let turn: Promise<unknown> = Promise.resolve();
  return async (work) => {
    const before = turn;
    const done = Promise.withResolvers<void>();
    turn = done.promise;
    try {
      await before;
      return await work();
    } finally {
      done.resolve();
    }
  };
}
