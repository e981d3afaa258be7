import { isAbsent, toSystemFailure } from './disk-error.ts';
import { closeDescriptor, openDescriptor, readFully, statDescriptor } from './file-calls.ts';
import type { FileReadResult } from './file-reader-messages.ts';
import { READ_FLAGS } from './read-whole.ts';

/** What the thread that reads small files does, through Node's own pool. */
export async function readApart(path: string, limitBytes: number): Promise<FileReadResult> {
  try {
    const descriptor = await openDescriptor(path, READ_FLAGS);
    try {
      const stats = await statDescriptor(descriptor);
      const { size, mtimeMs: modifiedMilliseconds } = stats;
      const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other';
      const isWanted = kind === 'file' && size <= limitBytes;
      return {
        size,
        modifiedMilliseconds,
        kind,
        bytes: isWanted ? await whole(descriptor, size) : undefined,
      };
    } finally {
      await closeDescriptor(descriptor);
    }
  } catch (error) {
    if (isAbsent(error)) return undefined;
    return toSystemFailure(error);
  }
}

/** Shorter when the file became shorter. */
async function whole(descriptor: number, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  const count = await readFully(descriptor, bytes, 0);
  return count === size ? bytes : bytes.slice(0, count);
}
