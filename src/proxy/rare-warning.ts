import { toldCause } from '../finding/index.ts';
import type { Clock, Logger } from '../platform/index.ts';

/** Long enough that a full disk writes a line a minute, short enough that it is seen to go on. */
const AGAIN_MILLISECONDS = 60_000;

/**
 * A warning about what fails with every write while a disk is full: one line at once, then one a minute
 * that says how many were left out.
 */
export function createRareWarning(
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
  message: string,
): (error: unknown, data?: Readonly<Record<string, unknown>>) => void {
  let told: number | undefined;
  let leftOut = 0;
  return (error, data) => {
    const now = clock.monotonicMilliseconds();
    if (told !== undefined && now - told < AGAIN_MILLISECONDS) {
      leftOut += 1;
      return;
    }
    const more = leftOut === 0 ? {} : { leftOut };
    told = now;
    leftOut = 0;
    logger.warn(message, { ...data, error: toldCause(error), ...more });
  };
}
