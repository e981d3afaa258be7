import { ProgramError } from './errors.ts';
import {
  closeDescriptor,
  readFully,
  syncDescriptor,
  truncateDescriptor,
  writeFully,
} from './file-calls.ts';
import { diskError } from './disk-error.ts';

export interface OpenFile {
  read(buffer: Uint8Array, position: number): Promise<number>;
  /** What comes next, for pipes and devices, which have no positions. */
  readOn(buffer: Uint8Array): Promise<number>;
  append(bytes: Uint8Array): Promise<void>;
  truncate(size: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * An open descriptor that is closed only when no call uses it any more: the kernel gives a closed
 * number to the next file at once, and a late read or write would then meet the wrong file.
 */
export function createOpenFile(descriptor: number, path: string): OpenFile {
  let users = 0;
  let length = 0;
  let whenIdle: (() => void) | undefined;
  let closed: Promise<void> | undefined;

  async function use<T>(doing: string, call: () => Promise<T>): Promise<T> {
    if (closed !== undefined) {
      throw new ProgramError({
        code: 'file-closed',
        kind: 'bug',
        message: `cannot ${doing} ${JSON.stringify(path)}: it was closed before`,
      });
    }
    users += 1;
    try {
      return await call();
    } catch (error) {
      throw diskError(doing, path, error);
    } finally {
      users -= 1;
      if (users === 0) whenIdle?.();
    }
  }

  async function closeWhenIdle(): Promise<void> {
    if (users > 0) await new Promise<void>((resolve) => (whenIdle = resolve));
    try {
      await closeDescriptor(descriptor);
    } catch (error) {
      throw diskError('close', path, error);
    }
  }

  return {
    read: (buffer, position) => use('read', () => readFully(descriptor, buffer, position)),
    readOn: (buffer) => use('read', () => readFully(descriptor, buffer, null)),
    append(bytes) {
      // The place is taken before anything waits, so that two calls at once do not share it.
      const position = length;
      length += bytes.length;
      return use('write', () => writeFully(descriptor, bytes, position));
    },
    truncate(size) {
      length = size;
      return use('shorten', () => truncateDescriptor(descriptor, size));
    },
    sync: () => use('flush', () => syncDescriptor(descriptor)),
    close: () => (closed ??= closeWhenIdle()),
  };
}
