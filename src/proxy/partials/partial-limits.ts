/** Which unfinished bodies outlive their process, and for how long. */
export const PARTIAL_LIMITS = {
  /** 8 MiB: nine hundred and ninety of a thousand zips are smaller, and fetched again in a moment. */
  smallestBytes: 8_388_608,
  /** A crash costs this much of a transfer; one that ends sooner is never noted at all. */
  noteMilliseconds: 1000,
  /** 2 GiB beside the scratch space: four of the largest zips. */
  keptBytes: 2_147_483_648,
  /** A day: whoever was interrupted comes back by then, and few mirrors change a file's ETag sooner. */
  keptMilliseconds: 86_400_000,
} as const;
