/** Time limits towards upstreams, each with its reason. */
export const WALK_LIMITS = {
  /** TCP and TLS over a slow link take a second or two; ten is a dead host. */
  connectMilliseconds: 10_000,
  /** The default mirror gives up on a slow origin after about a minute (golang/go#57185). */
  headersMilliseconds: 75_000,
  /** A link that is silent for this long will not come back by itself. */
  idleMilliseconds: 30_000,
  /** Two more tries heal a blip without keeping a developer waiting on a dead upstream. */
  retries: 2,
  retryBaseMilliseconds: 250,
} as const;

export const FETCH_LIMITS = {
  /** A mebibyte: nine zips in ten are smaller (median 30 kB); above it the client is fed while the file grows. */
  wholeBytes: 1_048_576,
  /** Half an hour: 500 MiB over a 3 Mbit/s line. */
  fillMilliseconds: 1_800_000,
  /** 64 fills of a megabyte each are 64 MiB at the very most. */
  simultaneousFills: 64,
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
