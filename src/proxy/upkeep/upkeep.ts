import { ProgramError } from '../../platform/index.ts';
import type { Clock, Files, Locks, Logger } from '../../platform/index.ts';
import type { Damage, Storage } from '../storage/index.ts';
import { collectGarbage } from './collect-garbage.ts';
import type { GarbageReport, GarbageSettings } from './collect-garbage.ts';
import type { Growth } from './growth.ts';
import type { LastUses } from './last-uses.ts';
import type { ListedVersion } from './list-versions.ts';
import { createPace } from './pace.ts';
import type { Pace } from './pace.ts';
import { purgeVersions } from './purge-versions.ts';
import type { PurgeReport, PurgeWish } from './purge-versions.ts';
import type { Readers } from './readers.ts';
import { createScrubRecord } from './scrub-record.ts';
import { createSharedLock } from './shared-lock.ts';
import { sweepQuarantine } from './sweep-quarantine.ts';
import { measureStore } from './measure-store.ts';
import type { StoreStats } from './measure-store.ts';
import type { Tombstones } from './tombstones.ts';
import type { UpkeepLimits } from './upkeep-limits.ts';
import { verifyStore } from './verify-store.ts';
import type { UpkeepProgress, VerifyReport } from './verify-store.ts';

/** What can be asked of a store, and what is told about it: plain data, as it stands in JSON. */
export interface UpkeepReports {
  readonly stats: StoreStats;
  readonly verify: VerifyReport;
  readonly gc: GarbageReport;
  readonly purge: PurgeReport;
}

/** Of work that looks at the whole store. */
export interface LongOptions {
  readonly dryRun: boolean;
  readonly progress?: ((progress: UpkeepProgress) => void) | undefined;
  readonly signal: AbortSignal;
}

/** What keeps a store within its budget and its bytes right, in the background and when asked. */
export interface Upkeep {
  stats(): Promise<StoreStats>;
  verify(options: LongOptions): Promise<VerifyReport>;
  collectGarbage(
    options: LongOptions & { readonly recentMilliseconds?: number | undefined },
  ): Promise<GarbageReport>;
  purge(wish: PurgeWish): Promise<PurgeReport>;
  /** From now on works in the background, when nobody else does on this store. */
  start(): void;
  close(): Promise<void>;
}

/** For looking without changing anything. */
export interface Inspection {
  readonly storage: Storage;
  readonly damageOf: (key: string) => Damage | undefined;
}

export interface UpkeepNeeds {
  readonly clock: Clock;
  readonly files: Files;
  readonly locks: Locks;
  readonly logger: Logger;
  readonly storage: Storage;
  readonly uses: LastUses;
  readonly readers: Readers;
  readonly tombstones: Tombstones;
  readonly growth: Growth;
  /** Gathers the uses that only memory has seen. */
  readonly gatherUses: () => void;
  readonly refetch: (key: string) => Promise<boolean>;
  /** Drops what else is known of a purged version, or of all. */
  readonly forget: (path: string, version: string | undefined) => Promise<void>;
  readonly damageOf: (key: string) => Damage | undefined;
  readonly inspection: Inspection;
  /** Told of each version that left the tree. */
  readonly removed: (unit: string, why: 'evicted' | 'purged', bytes: number) => void;
}

export interface UpkeepSettings extends GarbageSettings {
  readonly store: string;
  readonly scratch: string;
  readonly limits: UpkeepLimits;
}

type CollectWish = Parameters<Upkeep['collectGarbage']>[0];
type VerifyWish = LongOptions & { readonly pace?: Pace };

export function createUpkeep(needs: UpkeepNeeds, settings: UpkeepSettings): Upkeep {
  const { clock, logger, growth } = needs;
  const { store, limits } = settings;
  const stopping = new AbortController();
  const record = createScrubRecord(needs, {
    file: `${store}/scrub.json`,
    scratch: settings.scratch,
  });
  const quarantine = `${store}/quarantine`;
  const lookAfter = createSharedLock(needs, { file: `${store}/upkeep.lock` });
  let collecting: Promise<unknown> = Promise.resolve();
  let timers: { cancel(): void }[] = [];
  let running: Promise<void> = Promise.resolve();
  let known: { readonly bytes: number; readonly at: number } | undefined;

  /**
   * Those who change many files take turns, over all programs on this store. Our own scrub only reads, so
   * whoever needs space now does not wait for its end.
   */
  async function alone<T>(work: () => Promise<T>): Promise<T> {
    const lock = await lookAfter.tryHold();
    if (lock === undefined) throw busy(store);
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }

  /** One after the other: two plans at once would count what goes twice. */
  async function collect(options: CollectWish): Promise<GarbageReport> {
    const collected = collecting.then(async () => collectAlone(options));
    collecting = collected.catch(() => undefined);
    return collected;
  }

  async function collectAlone(options: CollectWish): Promise<GarbageReport> {
    needs.gatherUses();
    await needs.uses.flush();
    const recentMilliseconds = options.recentMilliseconds ?? limits.recentMilliseconds;
    const isRead = needs.readers.has;
    const evicted = ({ unit, bytes }: ListedVersion): void => {
      needs.removed(unit, 'evicted', bytes);
    };
    if (!options.dryRun) growth.reset();
    const report = await collectGarbage({ ...needs, isRead, evicted }, settings, limits, {
      ...options,
      recentMilliseconds,
    });
    if (!options.dryRun) {
      known = { bytes: report.bytes - report.evictedBytes, at: clock.epochMilliseconds() };
      await sweepQuarantine(needs, quarantine, limits.quarantineMilliseconds);
      await needs.uses.flush();
    }
    return report;
  }

  async function verify({ dryRun, pace, ...rest }: VerifyWish): Promise<VerifyReport> {
    const options = { dryRun, pace, progress: undefined, ...rest };
    if (dryRun) {
      const looking = { ...needs, ...needs.inspection, refetch: async () => false };
      return verifyStore(looking, options);
    }
    const report = await verifyStore(needs, options);
    if (report.isComplete) await record.write(report);
    return report;
  }

  /** Whether the tree has to be looked at: a commit is counted, a `run` beside us is not. */
  function isDue(): boolean {
    const { maximumBytes, maximumAgeMilliseconds } = settings;
    if (known === undefined) return true;
    const isGrown = known.bytes + growth.bytes() > (maximumBytes ?? Infinity);
    const age = clock.epochMilliseconds() - known.at;
    const often = Math.max((maximumAgeMilliseconds ?? Infinity) / 10, limits.budgetMilliseconds);
    return isGrown || age > Math.min(often, limits.walkMilliseconds);
  }

  async function look(): Promise<void> {
    const lock =
      isDue() || (await record.isDue(limits.scrubMilliseconds))
        ? await lookAfter.tryHold()
        : undefined;
    if (lock === undefined) return;
    try {
      const { signal } = stopping;
      const report = isDue() ? await collect({ dryRun: false, signal }) : undefined;
      if (report !== undefined && report.evictedVersions > 0) {
        const { evictedVersions, evictedBytes, bytes } = report;
        logger.info('versions that nobody used for long left the store', {
          versions: evictedVersions,
          freedBytes: evictedBytes,
          storeBytes: bytes - evictedBytes,
        });
      }
      if (report?.isOverBudget === true) {
        logger.warn('the store is above its budget with what is pinned or in use', {
          storeBytes: report.bytes - report.evictedBytes,
          maximumBytes: settings.maximumBytes,
        });
      }
      if (!signal.aborted && (await record.isDue(limits.scrubMilliseconds))) {
        const pace = createPace(clock, limits.scrubBytesPerSecond, signal);
        await verify({ dryRun: false, pace, signal });
      }
    } finally {
      await lock.release();
    }
  }

  function inBackground(what: string, work: () => Promise<void>): void {
    running = running.then(work).catch((error: unknown) => {
      logger.warn(`${what} failed; it is tried again later`, { error: String(error) });
    });
  }

  function every(first: number, then: number, tick: () => void): void {
    const index = timers.length;
    const again = (delay: number): { cancel(): void } =>
      clock.after(delay, () => {
        timers[index] = again(then);
        tick();
      });
    timers.push(again(first));
  }

  return {
    stats: async () => measureStore({ ...needs, record }, { ...settings, quarantine }),
    verify: async (options) =>
      options.dryRun ? verify(options) : alone(async () => verify(options)),
    collectGarbage: async (options) =>
      options.dryRun ? collect(options) : alone(async () => collect(options)),
    purge: async (wish) => purgeVersions(needs, wish),
    start() {
      const { firstLookMilliseconds, budgetMilliseconds, useFlushMilliseconds: flush } = limits;
      let isLooking = false;
      every(firstLookMilliseconds, budgetMilliseconds, () => {
        if (isLooking) return;
        isLooking = true;
        inBackground('looking after the store', async () => {
          await look().finally(() => {
            isLooking = false;
          });
        });
      });
      every(flush, flush, () => {
        needs.gatherUses();
        void needs.uses.flush();
      });
      every(limits.tombstoneMilliseconds, limits.tombstoneMilliseconds, () => {
        needs.tombstones.refresh().catch(() => undefined);
      });
    },
    async close() {
      stopping.abort();
      for (const timer of timers) timer.cancel();
      timers = [];
      await running;
      needs.gatherUses();
      await needs.uses.flush();
    },
  };

  function busy(directory: string): ProgramError {
    return new ProgramError({
      code: 'store-busy',
      kind: 'conflict',
      message: `the store ${directory} is being verified or cleaned by somebody else`,
      hint: 'try again when it has ended; a scrub of a large store may take an hour',
    });
  }
}
