import type { SystemFailure } from './disk-error.ts';
/** Small files to be read together; a larger one gives its status only. */
export interface FilesToRead {
  readonly paths: readonly string[];
  readonly limitBytes: number;
}

export interface FileRead {
  readonly size: number;
  readonly modifiedMilliseconds: number;
  readonly kind: 'file' | 'directory' | 'other';
  /** Absent when the file is above the limit, or is no file. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
}

/** In the order of the paths: what was read, undefined for what is absent, or the system's error. */
export type FileReadResult = FileRead | undefined | SystemFailure;
