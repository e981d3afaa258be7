import type { SystemFailure } from './disk-error.ts';
import type { FileNote } from './files.ts';

/** One file to be written as temporary file, fsync, rename, fsync of the directory. */
export interface AtomicWrite {
  readonly path: string;
  readonly temporary: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly note: FileNote | undefined;
}

/** What became of each write of a batch, in its order: undefined, or the system's error. */
export type AtomicWriteResult = undefined | SystemFailure;
