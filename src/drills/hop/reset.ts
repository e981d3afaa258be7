import type { Stage } from './stage.ts';

/** A reset overtakes bytes that the other side has not read yet; this lets them arrive. */
const PAUSE_MILLISECONDS = 20;

export interface ResetSettings {
  readonly kind: 'reset';
  /** Of this direction. */
  readonly afterBytes: number;
}

/** The connection breaks after so many bytes, as when a firewall or a dying server cuts it. */
export function reset({ afterBytes }: ResetSettings): Stage {
  return async function* broken(bytes, { clock, gone, reset: cut }) {
    let left = afterBytes;
    for await (const piece of bytes) {
      if (piece.length < left) {
        left -= piece.length;
        yield piece;
        continue;
      }
      if (left > 0) yield piece.subarray(0, left);
      await clock.sleep(PAUSE_MILLISECONDS, gone);
      cut();
      return;
    }
  };
}
