import type { Stage } from './stage.ts';

/** A piece lasts at most this long, so that the flow is even. */
const PIECE_MILLISECONDS = 50;

export interface BandwidthSettings {
  readonly kind: 'bandwidth';
  readonly bytesPerSecond: number;
}

/** A narrow link: bytes leave at this speed. */
export function bandwidth({ bytesPerSecond }: BandwidthSettings): Stage {
  const largest = Math.max(1, Math.floor((bytesPerSecond * PIECE_MILLISECONDS) / 1000));
  return async function* narrow(bytes, { clock, gone }) {
    // When the link is free again; time in which nothing was sent is not saved up.
    let free = clock.monotonicMilliseconds();
    for await (const piece of bytes) {
      for (let from = 0; from < piece.length; from += largest) {
        const part = piece.subarray(from, from + largest);
        free = Math.max(free, clock.monotonicMilliseconds());
        free += (part.length / bytesPerSecond) * 1000;
        const wait = free - clock.monotonicMilliseconds();
        if (wait > 0) await clock.sleep(wait, gone);
        yield part;
      }
    }
  };
}
