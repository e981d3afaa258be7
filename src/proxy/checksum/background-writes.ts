import type { Clock, Files, Logger } from '../../platform/index.ts';
import { createRareWarning } from '../rare-warning.ts';

export interface FileBytes {
  readonly path: string;
  readonly bytes: Buffer;
}

/** Writes that readers see at once, so that nobody has to wait for the disk. */
export interface BackgroundWrites {
  /** What is on its way to this path. */
  find(path: string): Buffer | undefined;
  /** Resolves when all are on disk; rejects when one could not be written. */
  write(files: readonly FileBytes[]): Promise<void>;
  /** Writes `first` and then `last`; a failure is only logged. */
  later(first: readonly FileBytes[], last?: FileBytes): void;
  /** Resolves when nothing is on its way. */
  idle(): Promise<void>;
}

interface Job {
  readonly first: readonly FileBytes[];
  readonly last: FileBytes | undefined;
}

/** Each write waits for the disk twice; more at once would starve readers of threads. */
const SIMULTANEOUS_JOBS = 2;

export function createBackgroundWrites(
  needs: { readonly clock: Clock; readonly files: Files; readonly logger: Logger },
  scratch: string,
): BackgroundWrites {
  const warn = createRareWarning(
    needs,
    'an answer of a checksum database could not be stored; it was given all the same',
  );
  const waiting = new Map<string, Buffer>();
  const queue: Job[] = [];
  const workers = new Set<Promise<void>>();

  async function writeOne({ path, bytes }: FileBytes): Promise<void> {
    try {
      await needs.files.writeAtomically(path, bytes, scratch);
    } finally {
      if (waiting.get(path) === bytes) {
        waiting.delete(path);
      }
    }
  }

  async function write(files: readonly FileBytes[]): Promise<void> {
    for (const { path, bytes } of files) {
      waiting.set(path, bytes);
    }
    await Promise.all(files.map(writeOne));
  }

  async function runJob({ first, last }: Job): Promise<void> {
    try {
      await write(first);
      await write(last === undefined ? [] : [last]);
    } catch (error) {
      if (last !== undefined && waiting.get(last.path) === last.bytes) {
        waiting.delete(last.path);
      }
      warn(error);
    }
  }

  async function work(): Promise<void> {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      await runJob(next);
    }
  }

  return {
    find: (path) => waiting.get(path),
    write,
    later: (wanted, last) => {
      // Two lookups may have proven the same tile; the one on its way is enough.
      const first = wanted.filter(({ path, bytes }) => waiting.get(path)?.equals(bytes) !== true);
      for (const { path, bytes } of last === undefined ? first : [...first, last]) {
        waiting.set(path, bytes);
      }
      queue.push({ first, last });
      if (workers.size < SIMULTANEOUS_JOBS) {
        const worker = work().finally(() => workers.delete(worker));
        workers.add(worker);
      }
    },
    idle: async () => {
      while (workers.size > 0) {
        await Promise.all(workers);
      }
    },
  };
}
