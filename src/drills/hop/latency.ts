import type { Stage } from './stage.ts';

export interface LatencySettings {
  readonly kind: 'latency';
  readonly milliseconds: number;
}

/** Every byte arrives so much later; the flow stays as wide as it was. */
export function latency({ milliseconds }: LatencySettings): Stage {
  return async function* late(bytes, { clock, gone }) {
    const due: { readonly at: number; readonly piece: Buffer }[] = [];
    let ended = false;
    let wake = Promise.withResolvers<void>();
    const reading = (async (): Promise<void> => {
      try {
        for await (const piece of bytes) {
          due.push({ at: clock.monotonicMilliseconds() + milliseconds, piece });
          wake.resolve();
        }
      } finally {
        ended = true;
        wake.resolve();
      }
    })();
    // Whoever stops taking pieces before the end never comes to hear of it below.
    reading.catch(() => undefined);
    for (;;) {
      const next = due.shift();
      if (next === undefined) {
        if (ended) break;
        await wake.promise;
        wake = Promise.withResolvers<void>();
        continue;
      }
      const wait = next.at - clock.monotonicMilliseconds();
      if (wait > 0) await clock.sleep(wait, gone);
      yield next.piece;
    }
    await reading;
  };
}
