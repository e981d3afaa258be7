const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface UpkeepLimits {
  /** Above the budget, versions leave until the store is down to this share of it. */
  readonly lowWater: number;
  /** What builds use at this time: it stays, even when the budget is not kept. */
  readonly recentMilliseconds: number;
  /** From the start to the first look at the size; a start must not compete with builds. */
  readonly firstLookMilliseconds: number;
  /** Between two looks at the size of the store. */
  readonly budgetMilliseconds: number;
  /** The tree is looked at so often although nothing is known to have grown: a `run` stores too. */
  readonly walkMilliseconds: number;
  /** Between the end of one scrub and the next. */
  readonly scrubMilliseconds: number;
  /** Read by the scrub, on average. */
  readonly scrubBytesPerSecond: number;
  readonly quarantineMilliseconds: number;
  readonly useFlushMilliseconds: number;
  readonly useGrainMilliseconds: number;
  /** Between two looks whether another program has written a tombstone. */
  readonly tombstoneMilliseconds: number;
}

export const UPKEEP_LIMITS: UpkeepLimits = {
  /** A tenth of the budget in one go: fewer looks at the whole tree than evicting one by one. */
  lowWater: 0.9,
  /** Evicting what a build is about to ask for again only moves bytes; the others go by last use. */
  recentMilliseconds: 5 * MINUTE,
  firstLookMilliseconds: 2 * MINUTE,
  /** At 100 MB/s a store grows by 60 GB between two looks; disks of that speed are larger than that. */
  budgetMilliseconds: 10 * MINUTE,
  walkMilliseconds: 6 * HOUR,
  /** Silent damage grows over months; a week finds it before the second copy, the upstream, is gone. */
  scrubMilliseconds: 7 * DAY,
  /** A disk gives hundreds; builds notice nothing of eight, and 20 GiB are read in 45 minutes. */
  scrubBytesPerSecond: 8 * 1024 * 1024,
  /** Long enough to look at what was damaged, and to see that a disk is failing. */
  quarantineMilliseconds: 7 * DAY,
  /** What a crash may forget of last uses. */
  useFlushMilliseconds: MINUTE,
  /** Exact enough to tell one build from the next, and spares the database. */
  useGrainMilliseconds: MINUTE,
  tombstoneMilliseconds: 5000,
};
