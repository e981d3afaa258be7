import type { ProxyNeeds } from './proxy-settings.ts';
import type { MemoryTier } from './storage/index.ts';

/** A memory tier of which other processes have copies: what is replaced or taken out here must go there too. */
export function tellForgotten(
  memory: MemoryTier,
  { forgotten }: Pick<ProxyNeeds, 'forgotten'>,
): MemoryTier {
  if (forgotten === undefined) {
    return memory;
  }
  return {
    ...memory,
    put(key, entry) {
      const before = memory.get(key);
      if (before !== undefined && before !== entry) forgotten(key);
      return memory.put(key, entry);
    },
    delete(key) {
      memory.delete(key);
      forgotten(key);
    },
    get bytes() {
      return memory.bytes;
    },
  };
}
