import type { Clock } from '../platform/index.ts';
import type { StoreCare } from '../proxy/index.ts';

/** A line that changes in place may change often; lines in a log may not. */
const TERMINAL_MILLISECONDS = 200;
const LOG_MILLISECONDS = 10_000;

/** The same store, of which progress is told as often as a person reads it. */
export function calmProgress(
  { clock }: { readonly clock: Clock },
  { isTerminal }: { readonly isTerminal: boolean },
  care: StoreCare,
): StoreCare {
  const every = isTerminal ? TERMINAL_MILLISECONDS : LOG_MILLISECONDS;

  function calm<O extends Parameters<StoreCare['verify']>[0]>(options: O): O {
    let last = clock.monotonicMilliseconds();
    return {
      ...options,
      progress(done) {
        const now = clock.monotonicMilliseconds();
        if (now - last < every) return;
        last = now;
        options.progress?.(done);
      },
    };
  }

  return {
    ...care,
    verify: async (options) => care.verify(calm(options)),
    collectGarbage: async (options) => care.collectGarbage(calm(options)),
  };
}
