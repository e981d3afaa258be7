import type { Clock, Database, Files, Locks, Logger, Meter, Random } from '../platform/index.ts';
import { escapePath } from '../gomod/path/index.ts';
import { createFacts, rebuildArtifacts } from './facts/index.ts';
import type { RebuildReport } from './facts/index.ts';
import type { StoreBudget } from './proxy-settings.ts';
import { createStoreKeepers, createStoreUpkeep, journalOf } from './store-keepers.ts';
import type { Upkeep } from './upkeep/index.ts';

/** What can be done to a store that no server uses: no upstream is asked. */
export interface StoreTools {
  readonly upkeep: Upkeep;
  /** Whoever asks for a list or a query of the module next has it asked anew. False: no module path. */
  forget(path: string): Promise<boolean>;
  /** Tells the database again what the journal and the tree know. */
  rebuild(): Promise<RebuildReport>;
  close(): Promise<void>;
}

/** Nothing is served from here. */
const NO_MEMORY_BYTES = 0;

export function createStoreTools(
  needs: {
    readonly clock: Clock;
    readonly logger: Logger;
    readonly files: Files;
    readonly locks: Locks;
    readonly database: Database;
    readonly random: Random;
    readonly meter: Meter;
  },
  settings: {
    readonly store: string;
    readonly scratch: string;
    readonly budget: StoreBudget | undefined;
  },
): StoreTools {
  const journal = journalOf(settings.store);
  const facts = createFacts(needs, { journal });
  const all = { ...needs, facts };
  const store = { ...settings, memoryBytes: NO_MEMORY_BYTES };
  const keepers = createStoreKeepers(all, store);
  const upkeep = createStoreUpkeep(all, store, keepers, async () => false);
  return {
    upkeep,
    async forget(path) {
      const escaped = escapePath(path);
      if (!escaped.ok) return false;
      await needs.database.execute(
        'DELETE FROM answers WHERE key >= :from AND key < :to',
        // In the order of bytes '0' follows '/', so this is all that begins with the path and a slash.
        { from: `${escaped.value}/`, to: `${escaped.value}0` },
      );
      return true;
    },
    rebuild: async () => rebuildArtifacts(needs, journal),
    async close() {
      await upkeep.close();
      await keepers.storage.close();
      await facts.close();
    },
  };
}
