import type { ServeVoice } from '../cli/index.ts';
import type { Clock, Logger } from '../platform/index.ts';
import type { Look } from './look.ts';

export interface WatchNeeds {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly look: () => Promise<Look>;
  readonly voice: Pick<ServeVoice, 'show'>;
}

/** Often enough to see a change as it happens, seldom enough to cost nothing. */
const EVERY_MILLISECONDS = 1000;

/** Shows again and again how the service is, until it is told to stop. */
export function startWatch(needs: WatchNeeds, address: string): { stop(): void } {
  const { clock, logger, look, voice } = needs;
  const began = clock.monotonicMilliseconds();
  const end = new AbortController();

  async function run(): Promise<void> {
    while (!end.signal.aborted) {
      const seen = await look();
      if (end.signal.aborted) return;
      const uptimeSeconds = (clock.monotonicMilliseconds() - began) / 1000;
      voice.show({ ...seen, address, uptimeSeconds });
      await clock.sleep(EVERY_MILLISECONDS, end.signal).catch(() => undefined);
    }
  }

  run().catch((error: unknown) => {
    logger.error('the live view ended by our own fault', { error: String(error) });
  });
  return {
    stop() {
      end.abort();
    },
  };
}
