/** What was committed since the last look at the tree, so that growth is noticed without one. */
export interface Growth {
  add(bytes: number): void;
  bytes(): number;
  reset(): void;
}

export function createGrowth(): Growth {
  let sum = 0;
  return {
    add(bytes) {
      sum += bytes;
    },
    bytes: () => sum,
    reset() {
      sum = 0;
    },
  };
}
