import type { Stage } from './stage.ts';

export interface SlicingSettings {
  readonly kind: 'slicing';
  readonly bytes: number;
  /** Between two slices. */
  readonly pauseMilliseconds: number;
}

/** Bytes arrive in small slices, so that nothing may hope for a whole line or header in one read. */
export function slicing({ bytes: size, pauseMilliseconds }: SlicingSettings): Stage {
  return async function* sliced(bytes, { clock, gone }) {
    for await (const piece of bytes) {
      for (let from = 0; from < piece.length; from += size) {
        if (pauseMilliseconds > 0) await clock.sleep(pauseMilliseconds, gone);
        yield piece.subarray(from, from + size);
      }
    }
  };
}
