import fs from 'node:fs';
import { promisify } from 'node:util';

/*
 * The system calls on descriptors, as promises. `fs.promises` wraps each descriptor in a FileHandle:
 * open, read, close cost about three times what these callbacks do (measured on Node 26).
 */

export function openDescriptor(path: string, flags: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.open(path, flags, 0o666, (error, descriptor) =>
      error === null ? resolve(descriptor) : reject(error),
    );
  });
}

export function readDescriptor(
  descriptor: number,
  buffer: Uint8Array,
  offset: number,
  length: number,
  position: number | null,
): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.read(descriptor, buffer, offset, length, position, (error, count) =>
      error === null ? resolve(count) : reject(error),
    );
  });
}

/** Without a position the bytes go to the end of what was written (or of the file with O_APPEND). */
function writeDescriptor(
  descriptor: number,
  bytes: Uint8Array,
  offset: number,
  position: number | null,
): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.write(descriptor, bytes, offset, bytes.length - offset, position, (error, count) =>
      error === null ? resolve(count) : reject(error),
    );
  });
}

export const statDescriptor: (descriptor: number) => Promise<fs.Stats> = promisify(fs.fstat);
export const syncDescriptor: (descriptor: number) => Promise<void> = promisify(fs.fsync);
export const truncateDescriptor: (descriptor: number, size: number) => Promise<void> = promisify(
  fs.ftruncate,
);
export const closeDescriptor: (descriptor: number) => Promise<void> = promisify(fs.close);

/** Reads until `buffer` is full or the file ends; one call may return less than it was asked for. */
export async function readFully(
  descriptor: number,
  buffer: Uint8Array,
  /** Null where there are no positions: a pipe is read on from where it stands. */
  position: number | null,
): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const count = await readDescriptor(
      descriptor,
      buffer,
      filled,
      buffer.length - filled,
      position === null ? null : position + filled,
    );
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

/** Writes all of `bytes`; one call may take fewer, for instance when the disk is nearly full. */
export async function writeFully(
  descriptor: number,
  bytes: Uint8Array,
  position: number | null,
): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const at = position === null ? null : position + written;
    written += await writeDescriptor(descriptor, bytes, written, at);
  }
}
