import type { WalkSettings } from './upstream/index.ts';

/** Time limits towards upstreams, each with its reason. */
export const WALK_LIMITS: Omit<WalkSettings, 'via'> = {
  /** TCP and TLS over a slow link take a second or two; ten is a dead host. */
  connectMilliseconds: 10_000,
  /**
   * The default mirror gives up on a slow origin after about a minute (golang/go#57185); together with
   * the start of `run` and of `go` on a busy machine, a silent upstream must end within 75 s.
   */
  headersMilliseconds: 66_000,
  /** A link that is silent for this long will not come back by itself. */
  idleMilliseconds: 30_000,
  /** With 2 s between the later ones they fill the patience below. */
  attempts: 12,
  /** At 5 % wrong bodies five in a row happen once in three million. */
  contentAttempts: 5,
  /** A fifth of a second: a blip is over by then. */
  retryBaseMilliseconds: 200,
  /** Who waits for a restart should not wait much longer than it takes. */
  retryCapMilliseconds: 2000,
  /** Longer waits would leave too few tries within the patience below to get past a chance 429. */
  retryAfterCapMilliseconds: 4000,
  /** A known failure ends within 30 s: the last try begins by then and has ten seconds to connect. */
  patienceMilliseconds: 18_000,
  /** Longer than the slowest answer of a well upstream that is in its cache. */
  unhealthySilenceMilliseconds: 10_000,
  /** First byte from elsewhere within 3 s, a connection to it included. */
  overtakeMilliseconds: 2000,
  /** Saving less is not worth a request, and an even upstream is never hedged. */
  hedgeMarginMilliseconds: 50,
  /** A mirror that has it answers within a second or two; 8 and 16 s find a better connection. */
  rescueMilliseconds: 8000,
  /** One, a hedge and two rescues. */
  simultaneousAttempts: 4,
};

export const FETCH_LIMITS = {
  /** 64 MiB: over a 1 Mbit/s line they come before a silent answer is cut after ten minutes. */
  heldBytes: 67_108_864,
  /** Half an hour: 500 MiB over a 3 Mbit/s line. */
  fillMilliseconds: 1_800_000,
  /** 64 fills of a megabyte each are 64 MiB at the very most. */
  simultaneousFills: 64,
  /** A burst of clients finds a quarter free, whatever is fetched ahead. */
  reservedFills: 16,
} as const;

/** When a body counts as broken, and how its upstream is asked for the rest. */
export const RESUME_LIMITS = {
  watch: {
    /** Mirrors that fetch while they send pause for a second or two; five is a path that broke. */
    silenceMilliseconds: 5000,
    /** A body that paused for seven seconds before may do so again, but not for ever. */
    longestSilenceMilliseconds: 30_000,
    /** A modem of the nineties has five times as much. */
    floorBytesPerSecond: 1024,
    /** Long enough that the start of a slow transfer is not taken for a drip. */
    floorWindowMilliseconds: 30_000,
  },
  /** Four in a row without progress are no blip. */
  attempts: 4,
  /** A 500 MiB zip that is cut after every 64 KiB ends after 8,000 requests, not after millions. */
  progressBytes: 65_536,
  waitMilliseconds: 200,
} as const;

/** What happens to large bodies while the disk cannot take them. */
export const SHELTER_LIMITS = {
  /** 8 GiB: sixteen of the largest zips at once. */
  scratchBytes: 8_589_934_592,
  /** The database and the journal need some to say what is going on. */
  freeBytes: 16_777_216,
  /** A healthy disk answers within a tenth of a second, a busy one within two. */
  writeMilliseconds: 10_000,
  /** Whoever makes room sees it used at once; a full disk is not tried with each request. */
  pauseMilliseconds: 5000,
  /** 128 MiB: all but one zip in ten thousand fit, and a small container can bear it. */
  memoryBytes: 134_217_728,
  /** `go` waits longer than this, but whoever ends it by hand may not. */
  memoryWaitMilliseconds: 60_000,
} as const;

/** When checked artifacts go to the disk. */
export const COMMIT_LIMITS = {
  /** `go` asks for the next file within some milliseconds; a tenth of a second is a pause. */
  quietMilliseconds: 150,
  /** What a crash may cost in fetches repeated. */
  longestMilliseconds: 2000,
  /** 32 MiB: a thousand modules of the median size. */
  waitingBytes: 33_554_432,
} as const;
