import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { AtomicWrite, AtomicWriteResult } from './atomic-writer-messages.ts';
import { createBatchThread } from './batch-thread.ts';
import type { FileNote } from './files.ts';

export interface AtomicWriter {
  /** Rejects with the system's own error. */
  write(path: string, bytes: Uint8Array, scratch: string, note?: FileNote): Promise<void>;
}

/** A durable write is eight system calls, which a cold `go mod download` would feel on the event loop. */
export function createAtomicWriter(): AtomicWriter {
  const thread = createBatchThread<AtomicWrite, AtomicWriteResult>({
    entry: new URL('./atomic-writer-thread.ts', import.meta.url),
    name: 'disk',
    job: 'writes files',
    transfer: (write) => write.bytes.buffer,
  });
  return {
    async write(path, bytes, scratch, note) {
      // A copy of its own, which can be handed over: a view would take its whole buffer with it.
      const own = new Uint8Array(bytes);
      // Random and exclusive: nobody can place a link under the name beforehand.
      const temporary = join(scratch, `${randomUUID()}.tmp`);
      const result = await thread.run({ path, temporary, bytes: own, note });
      if (result !== undefined) throw Object.assign(new Error(result.message), result);
    },
  };
}
