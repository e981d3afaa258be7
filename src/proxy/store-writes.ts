import { toldCause } from '../finding/index.ts';
import type { Clock, Logger, Meter } from '../platform/index.ts';

/** Whether the store takes what is fetched. */
export interface StoreWrites {
  worked(): void;
  /** An artifact was served and not stored. */
  failed(key: string, error: unknown): void;
  /** Why nothing is stored at the moment, in words; undefined while it is. */
  problem(): string | undefined;
  close(): void;
}

/** While it lasts: often enough to be seen to go on, rarely enough to read beside. */
const AGAIN_MILLISECONDS = 5 * 60_000;

/** A full disk fails with each artifact of a build: it is told when it begins, now and then, and when it ends. */
export function createStoreWrites(
  needs: {
    readonly clock: Clock;
    readonly logger: Logger;
    readonly meter: Meter;
    readonly changed: (isWritable: boolean) => void;
  },
  /** Known, and told, before the start. */
  settings: { readonly storeProblem?: string | undefined },
): StoreWrites {
  const { logger } = needs;
  let problem = settings.storeProblem;
  let notStored = 0;
  let toldOf = 0;
  let timer: { cancel(): void } | undefined;
  const writable = needs.meter.gauge(
    'cofferdam_store_writable',
    'Whether the store takes what is fetched: 1, or 0 while it is served and not stored.',
  );
  tellState(problem === undefined);

  function tellState(isWritable: boolean): void {
    writable.with().set(isWritable ? 1 : 0);
    needs.changed(isWritable);
  }

  function tellLater(): void {
    timer ??= needs.clock.after(AGAIN_MILLISECONDS, () => {
      timer = undefined;
      if (problem === undefined || toldOf === notStored) return;
      toldOf = notStored;
      logger.warn('the store still takes nothing', { artifacts: notStored, error: problem });
      tellLater();
    });
  }

  return {
    worked() {
      if (problem === undefined) return;
      problem = undefined;
      timer?.cancel();
      timer = undefined;
      tellState(true);
      logger.info('the store takes what is fetched again', { missed: notStored });
      notStored = 0;
      toldOf = 0;
    },
    failed(key, error) {
      notStored += 1;
      if (problem === undefined) {
        problem = toldCause(error);
        toldOf = notStored;
        tellState(false);
        logger.warn('what is fetched is served and not stored, because the disk cannot take it', {
          first: key,
          error: problem,
        });
      }
      tellLater();
    },
    problem: () => problem,
    close() {
      timer?.cancel();
    },
  };
}
