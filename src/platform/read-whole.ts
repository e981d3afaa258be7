import { constants } from 'node:fs';
import { diskError, isAbsent } from './disk-error.ts';
import { ProgramError } from './errors.ts';
import {
  closeDescriptor,
  openDescriptor,
  readDescriptor,
  readFully,
  statDescriptor,
} from './file-calls.ts';

/** Files up to this size take two trips to the thread pool; go.mod and .info files are far smaller. */
const FIRST_READ_BYTES = 64 * 1024;
/** As many as the thread pool can fill at once with room to spare: at most 1 MiB is kept. */
const KEPT_BUFFERS = 16;

/** Never waits for a writer when the path is a named pipe. */
export const READ_FLAGS: number = constants.O_RDONLY | constants.O_NONBLOCK;

export type ReadWhole = (path: string, limitBytes: number) => Promise<Buffer | undefined>;

/**
 * Reads small files without asking for their size first: one read that does not fill the buffer has
 * the whole file. The result is a copy of exactly its size, because callers keep it in memory.
 */
export function createReadWhole(): ReadWhole {
  const spare: Buffer[] = [];

  async function readOpened(descriptor: number, path: string, limitBytes: number): Promise<Buffer> {
    const first = spare.pop() ?? Buffer.allocUnsafeSlow(FIRST_READ_BYTES);
    try {
      const count = await readDescriptor(descriptor, first, 0, first.length, 0);
      if (count > limitBytes) throw tooLarge(path, limitBytes);
      if (count < first.length) return exactCopy(first, count);
      return await readLarge(descriptor, path, limitBytes);
    } finally {
      if (spare.length < KEPT_BUFFERS) spare.push(first);
    }
  }

  return async function readWhole(path, limitBytes) {
    let descriptor: number;
    try {
      descriptor = await openDescriptor(path, READ_FLAGS);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw diskError('open', path, error);
    }
    try {
      return await readOpened(descriptor, path, limitBytes);
    } catch (error) {
      throw diskError('read', path, error);
    } finally {
      // Nobody waits for it: closing what was only read cannot lose anything.
      closeDescriptor(descriptor).catch(() => undefined);
    }
  };
}

async function readLarge(descriptor: number, path: string, limitBytes: number): Promise<Buffer> {
  const { size } = await statDescriptor(descriptor);
  if (size > limitBytes) throw tooLarge(path, limitBytes);
  const whole = Buffer.allocUnsafeSlow(size);
  const count = await readFully(descriptor, whole, 0);
  return count === size ? whole : exactCopy(whole, count);
}

function exactCopy(source: Buffer, length: number): Buffer {
  const copy = Buffer.allocUnsafeSlow(length);
  source.copy(copy, 0, 0, length);
  return copy;
}

function tooLarge(path: string, limitBytes: number): ProgramError {
  return new ProgramError({
    code: 'file-too-large',
    kind: 'bad-input',
    message: `${JSON.stringify(path)} is larger than the ${limitBytes} bytes allowed for it`,
    details: { path, limitBytes },
  });
}
