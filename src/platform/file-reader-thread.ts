import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { isAbsent, toSystemFailure } from './disk-error.ts';
import type { FileReadResult, FilesToRead } from './file-reader-messages.ts';

/* The entry of the thread that reads small files; started by `createFileReader()`. */

/** Never waits for a writer when the path is a named pipe. */
const READ_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

function readOne(path: string, limitBytes: number): FileReadResult {
  const descriptor = openSync(path, READ_FLAGS);
  try {
    const stats = fstatSync(descriptor);
    const { size, mtimeMs: modifiedMilliseconds } = stats;
    const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other';
    const isWanted = kind === 'file' && size <= limitBytes;
    const bytes = isWanted ? readFully(descriptor, size) : undefined;
    return { size, modifiedMilliseconds, kind, bytes };
  } finally {
    closeSync(descriptor);
  }
}

/** A buffer of its own size, because it is handed over. Shorter when the file became shorter. */
function readFully(descriptor: number, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const count = readSync(descriptor, bytes, filled, size - filled, filled);
    if (count === 0) return bytes.slice(0, filled);
    filled += count;
  }
  return bytes;
}

function read(path: string, limitBytes: number): FileReadResult {
  try {
    return readOne(path, limitBytes);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    return toSystemFailure(error);
  }
}

const port = parentPort;
port?.on('message', (batch: readonly FilesToRead[]) => {
  const results = batch.map(({ paths, limitBytes }) => paths.map((path) => read(path, limitBytes)));
  const buffers = results
    .flat()
    .flatMap((result) =>
      result !== undefined && 'bytes' in result && result.bytes !== undefined
        ? [result.bytes.buffer]
        : [],
    );
  port.postMessage(results, buffers);
});
