/** Lets a few run at a time, in the order of asking. */
export interface Turns {
  /** Waits for a turn; rejects with the signal's reason when one is given and aborts. */
  take(signal?: AbortSignal): Promise<void>;
  give(): void;
}

export function createTurns(limit: number): Turns {
  const queue = new Set<PromiseWithResolvers<void>>();
  let free = limit;

  async function wait(signal: AbortSignal | undefined): Promise<void> {
    const turn = Promise.withResolvers<void>();
    function giveUp(): void {
      queue.delete(turn);
      turn.reject(signal?.reason);
    }
    queue.add(turn);
    signal?.addEventListener('abort', giveUp);
    try {
      await turn.promise;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  return {
    take: async (signal) => {
      signal?.throwIfAborted();
      if (free > 0) {
        free -= 1;
      } else {
        await wait(signal);
      }
    },
    give: () => {
      const [next] = queue;
      if (next === undefined) {
        free += 1;
      } else {
        queue.delete(next);
        next.resolve();
      }
    },
  };
}
