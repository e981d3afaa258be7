/** Remembers the last so many keys. */
export interface Ghosts {
  add(key: string): void;
  has(key: string): boolean;
}

export function createGhosts(settings: { readonly maximumKeys: number }): Ghosts {
  const known = new Map<string, number>();
  const ring: string[] = [];
  let count = 0;
  return {
    add(key) {
      const place = count % settings.maximumKeys;
      const oldest = ring[place];
      // Unless it was added again since.
      if (oldest !== undefined && known.get(oldest) === count - settings.maximumKeys) {
        known.delete(oldest);
      }
      ring[place] = key;
      known.set(key, count);
      count += 1;
    },
    has: (key) => known.has(key),
  };
}
