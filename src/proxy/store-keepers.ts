import type { Clock, Database, Files, Locks, Logger, Meter, Random } from '../platform/index.ts';
import { createDamageReports } from './damage-reports.ts';
import type { Facts } from './facts/index.ts';
import { parseRoute } from './protocol/index.ts';
import type { ProxyNeeds, StoreBudget } from './proxy-settings.ts';
import { createDiskStorage, createMemoryTier } from './storage/index.ts';
import type { Damage, MemoryTier, Storage } from './storage/index.ts';
import { tellForgotten } from './tell-forgotten.ts';
import {
  UPKEEP_LIMITS,
  createGrowth,
  createLastUses,
  createReaders,
  createTombstones,
  createUpkeep,
} from './upkeep/index.ts';
import type {
  Growth,
  Inspection,
  LastUses,
  Readers,
  Tombstone,
  Tombstones,
  Upkeep,
  UpkeepNeeds,
} from './upkeep/index.ts';

export interface StoreNeeds {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly files: Files;
  readonly locks: Locks;
  readonly database: Database;
  readonly random: Random;
  readonly meter: Meter;
  readonly facts: Facts;
  readonly forgotten?: ProxyNeeds['forgotten'];
}

export interface StoreSettings {
  readonly store: string;
  readonly scratch: string;
  readonly memoryBytes: number;
  readonly budget?: StoreBudget | undefined;
}

const NO_BUDGET: StoreBudget = {
  maximumBytes: undefined,
  maximumAgeMilliseconds: undefined,
  pinnedPatterns: '',
};

/** The tree, the memory in front of it, and what is known about both. */
export interface StoreKeepers {
  readonly storage: Storage;
  readonly memory: MemoryTier;
  readonly uses: LastUses;
  readonly readers: Readers;
  readonly growth: Growth;
  readonly tombstones: Tombstones;
  readonly damageOf: (key: string) => Damage | undefined;
  /** Reads as the other does, and leaves damage where it is. */
  readonly inspection: Inspection;
}

export function createStoreKeepers(needs: StoreNeeds, settings: StoreSettings): StoreKeepers {
  const { store, scratch } = settings;
  const damage = createDamageReports(needs);
  const recall = needs.facts.recallHash;
  const places = { tree: `${store}/modules`, blocks: `${store}/blocks`, scratch };
  const storage = createDiskStorage(
    { ...needs, recall, damaged: damage.report },
    { ...places, quarantine: `${store}/quarantine` },
  );
  const seen = new Map<string, Damage>();
  const inspected = createDiskStorage(
    { ...needs, recall, damaged: (one) => seen.set(one.key, one) },
    { ...places, quarantine: undefined },
  );
  const memory = tellForgotten(
    createMemoryTier({
      maximumBytes: settings.memoryBytes,
      refuses: (key) => tombstones.blocked().length > 0 && isBlocked(tombstones, key),
    }),
    needs,
  );
  const tombstones = createTombstones(
    { ...needs, blocked: (stone) => forget(memory, stone) },
    { journal: `${store}/journal/tombstones.jsonl` },
  );
  const uses = createLastUses(needs, {
    grainMilliseconds: UPKEEP_LIMITS.useGrainMilliseconds,
  });
  return {
    storage,
    memory,
    uses,
    tombstones,
    readers: createReaders(),
    growth: createGrowth(),
    damageOf: damage.damageOf,
    inspection: { storage: inspected, damageOf: (key) => seen.get(key) },
  };
}

export function createStoreUpkeep(
  needs: StoreNeeds,
  settings: StoreSettings,
  keepers: StoreKeepers,
  others: Pick<UpkeepNeeds, 'refetch' | 'forget'>,
): Upkeep {
  const { memory, uses } = keepers;
  const gone = needs.meter.counter(
    'cofferdam_store_removed_versions_total',
    'Module versions that left the store, by reason.',
    ['reason'],
  );
  const goneBytes = needs.meter.counter(
    'cofferdam_store_removed_bytes_total',
    'Bytes of module versions that left the store, by reason.',
    ['reason'],
  );
  return createUpkeep(
    {
      ...needs,
      ...keepers,
      ...others,
      gatherUses() {
        for (const key of memory.takeTouched()) uses.used(unitOf(key.slice(1)));
      },
      removed(unit, why, bytes) {
        for (const extension of ['info', 'mod', 'zip']) memory.delete(`/${unit}.${extension}`);
        gone.with(why).add();
        goneBytes.with(why).add(bytes);
      },
    },
    {
      ...(settings.budget ?? NO_BUDGET),
      store: settings.store,
      scratch: settings.scratch,
      limits: UPKEEP_LIMITS,
    },
  );
}

/** What was first seen of each artifact. */
export function journalOf(store: string): string {
  return `${store}/journal/first-seen.jsonl`;
}

/** `m.test/x/@v/v1.0.0` of a key of one of its files; other keys are harmless. */
export function unitOf(key: string): string {
  return key.slice(0, key.lastIndexOf('.'));
}

function isBlocked(tombstones: Tombstones, key: string): boolean {
  const route = parseRoute(key);
  return route.kind === 'artifact' && tombstones.isBlocked(route.path, route.version);
}

/** A block is rare; then the whole memory is looked through. */
function forget(memory: MemoryTier, stone: Tombstone): void {
  for (const key of memory.keys()) {
    const route = parseRoute(key);
    const isMeant =
      route.kind === 'artifact' &&
      route.path === stone.path &&
      (stone.version === undefined || stone.version === route.version);
    if (isMeant) memory.delete(key);
  }
}
