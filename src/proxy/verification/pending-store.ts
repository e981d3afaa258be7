import type { Clock, Files, GrowingFile, Logger, ReadableFile } from '../../platform/index.ts';
import type { PendingFact, VerificationFacts } from '../facts/index.ts';
import { createRareWarning } from '../rare-warning.ts';

/** Where bytes wait that no checksum database could judge: beside the tree, under the same names. */
export interface PendingStore {
  /** Whether something waits under this key; asks no disk. */
  fact(key: string): PendingFact | undefined;
  all(): readonly PendingFact[];
  keepBytes(fact: PendingFact, bytes: Uint8Array): Promise<void>;
  /** Takes a scratch file away from its owner. */
  keepFile(fact: PendingFact, file: GrowingFile): Promise<void>;
  open(key: string): Promise<ReadableFile | undefined>;
  /** For who reads it by its path. */
  pathOf(key: string): string;
  drop(key: string): Promise<void>;
  /** Drops a version, or every one. */
  forget(path: string, version: string | undefined): Promise<void>;
  /** What other processes on this store have left there. */
  reload(): Promise<void>;
}

export function createPendingStore(
  needs: {
    readonly clock: Clock;
    readonly files: Files;
    readonly facts: VerificationFacts;
    readonly logger: Logger;
  },
  settings: { readonly directory: string; readonly scratch: string },
): PendingStore {
  const { files, facts, logger } = needs;
  const warn = createRareWarning(needs, 'a pending artifact could not be kept');
  const waiting = new Map<string, PendingFact>();

  function pathOf(key: string): string {
    return `${settings.directory}/${key}`;
  }

  async function keep(fact: PendingFact, write: () => Promise<void>): Promise<void> {
    try {
      await write();
      await facts.nowPending(fact);
      waiting.set(fact.key, fact);
    } catch (error) {
      // It was served all the same; whoever asks again has it fetched again.
      warn(error, { key: fact.key });
    }
  }

  async function drop(key: string): Promise<void> {
    waiting.delete(key);
    await files.remove(pathOf(key));
    await facts.settled(key);
  }

  return {
    fact: (key) => waiting.get(key),
    all: () => [...waiting.values()],
    keepBytes: async (fact, bytes) =>
      keep(fact, async () => files.writeAtomically(pathOf(fact.key), bytes, settings.scratch)),
    keepFile: async (fact, file) =>
      keep(fact, async () => {
        await file.sync();
        await files.rename(file.path, pathOf(fact.key));
      }),
    open: async (key) => files.open(pathOf(key)),
    pathOf,
    drop,
    async forget(path, version) {
      for (const fact of waiting.values()) {
        const isMeant = fact.path === path && (version === undefined || fact.version === version);
        if (isMeant) await drop(fact.key);
      }
    },
    async reload() {
      try {
        const known = await facts.pending();
        waiting.clear();
        for (const fact of known) waiting.set(fact.key, fact);
      } catch (error) {
        logger.warn('pending artifacts could not be read', { error: String(error) });
      }
    },
  };
}
