import type { Clock } from '../platform/index.ts';
import type { KnownAnswer } from './facts/index.ts';
import { createUpstreamTrouble } from './upstream-trouble.ts';
import type { UpstreamTrouble } from './upstream-trouble.ts';

/** When what is known is given instead of an answer that does not come: one rule for all that can be known. */
export interface KnownWhileSilent {
  troubleOf(path: string): UpstreamTrouble;
  /** What runs, or `late` when what was recalled shall be given in its place. */
  unlessLate<T extends object>(
    path: string,
    running: Promise<T>,
    recall: () => Promise<KnownAnswer | undefined>,
  ): Promise<T | 'late'>;
}

export interface KnownWhileSilentNeeds {
  readonly clock: Clock;
  readonly isPrivate: (path: string) => boolean;
  /** Whether some upstream of this path still gives what it has at hand, asked within this time. */
  readonly isAnswering: (path: string, milliseconds: number) => Promise<boolean>;
}

/**
 * Who has an older answer waits twice this long for a new one: a well mirror needs less than a second for
 * what it has, and `go get -u` asks hundreds. In the second half upstreams are asked how they are.
 */
const HALF_MILLISECONDS = 1500;

export function createKnownWhileSilent(needs: KnownWhileSilentNeeds): KnownWhileSilent {
  const { clock } = needs;
  const troubles = {
    public: createUpstreamTrouble(clock),
    private: createUpstreamTrouble(clock),
  };

  /** Undefined when the time is over. */
  async function within<T>(running: Promise<T>): Promise<T | undefined> {
    const late = Promise.withResolvers<undefined>();
    const timer = clock.after(HALF_MILLISECONDS, () => {
      late.resolve(undefined);
    });
    try {
      return await Promise.race([running, late.promise]);
    } finally {
      timer.cancel();
    }
  }

  return {
    troubleOf: (path) => (needs.isPrivate(path) ? troubles.private : troubles.public),
    async unlessLate(path, running, recall) {
      const early = await within(running);
      if (early !== undefined) {
        return early;
      }
      const known = await recall();
      if (known === undefined) {
        return running;
      }
      // Mirrors take long for what is new: while they look for it, an old absence is no answer.
      const isLooking =
        known.status === 200
          ? Promise.resolve(false)
          : needs.isAnswering(path, HALF_MILLISECONDS).catch(() => true);
      const later = await within(running);
      return later ?? ((await isLooking) ? running : 'late');
    },
  };
}
