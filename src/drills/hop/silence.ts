import type { Stage } from './stage.ts';

export interface SilenceSettings {
  readonly kind: 'silence';
  /** Of this direction. */
  readonly afterBytes: number;
}

/** The connection stays open and nothing comes any more: a lost link, a hung process, a full proxy. */
export function silence({ afterBytes }: SilenceSettings): Stage {
  return async function* silent(bytes, { gone }) {
    let left = afterBytes;
    for await (const piece of bytes) {
      // What is swallowed is still read, as the kernel of a hung process does for a while.
      if (left > 0) yield piece.subarray(0, left);
      left = Math.max(0, left - piece.length);
    }
    // Not even the end of the stream is told.
    const { promise, resolve } = Promise.withResolvers<void>();
    gone.addEventListener('abort', () => resolve(), { once: true });
    if (!gone.aborted) await promise;
  };
}
