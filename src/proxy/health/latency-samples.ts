/** The last some durations of one kind. */
export interface LatencySamples {
  add(milliseconds: number): void;
  /** The value below which this share lies; undefined before there are enough to say. */
  quantile(share: number): number | undefined;
}

/** A p95 of fewer would be their maximum. */
const FEWEST = 10;

export function createLatencySamples(capacity: number): LatencySamples {
  const ring: number[] = [];
  let next = 0;
  let sorted: readonly number[] | undefined;
  return {
    add(milliseconds) {
      ring[next] = milliseconds;
      next = (next + 1) % capacity;
      // Sorted anew after a few at the earliest: exactness to the last sample is worth nothing.
      if (next % FEWEST === 0) {
        sorted = undefined;
      }
    },
    quantile(share) {
      if (ring.length < FEWEST) {
        return undefined;
      }
      sorted ??= ring.toSorted((a, b) => a - b);
      return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    },
  };
}
