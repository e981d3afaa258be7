/**
 * The disk as a port, so that drills can make it full, read-only or slow.
 * Absence is not an error: readers return undefined. Everything else throws ProgramError
 * (`disk-full` kind full, `disk-denied` kind denied, `not-a-file` kind bad-input, `disk-failed` kind
 * unavailable).
 */
export interface Files {
  /** Whole content, or undefined when absent. A file above `limitBytes` throws `file-too-large`. */
  readWhole(path: string, limitBytes: number): Promise<Buffer | undefined>;
  /**
   * Small files in one hop, each undefined when absent; of what is larger than the limit only the
   * status comes. The first one that cannot be read throws.
   */
  readTogether(
    paths: readonly string[],
    limitBytes: number,
  ): Promise<readonly (WholeFile | undefined)[]>;
  /**
   * For positioned reads, or undefined when absent. Pipes and devices are read as they come, whatever the position;
   * only who is patient waits for what writes into a pipe.
   */
  open(path: string, options?: { readonly isPatient: boolean }): Promise<ReadableFile | undefined>;
  /** A new file, parents made as needed; fails when it exists. */
  create(path: string): Promise<GrowingFile>;
  /** Makes parents, renames, then fsyncs the directory of `to`. Replaces what is there. */
  rename(from: string, to: string): Promise<void>;
  /** Temporary file in `scratch`, write, fsync, the note, rename, fsync of the directory. */
  writeAtomically(path: string, bytes: Uint8Array, scratch: string, note?: FileNote): Promise<void>;
  /** Appends and fsyncs; creates the file and its parents. */
  append(path: string, bytes: Uint8Array): Promise<void>;
  /** Names with their sort, unordered; undefined when the directory is absent. */
  list(directory: string): Promise<readonly DirectoryEntry[] | undefined>;
  status(path: string): Promise<FileStatus | undefined>;
  /** Removes a file or a whole directory; absent is fine. */
  remove(path: string): Promise<void>;
  /** Private is one that nobody else on this machine can look into; one that is there stays as it is. */
  makeDirectory(path: string, options?: { readonly isPrivate: boolean }): Promise<void>;
  /** Bytes that an ordinary user can still write on the file system that holds `path`. */
  freeBytes(path: string): Promise<number>;
}

export interface WholeFile {
  readonly status: FileStatus;
  readonly bytes: Buffer | undefined;
}

/** Appended to another file on the way, in one write and without a flush of its own. */
export interface FileNote {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'other';
}

export interface FileStatus {
  readonly size: number;
  readonly modifiedMilliseconds: number;
  readonly kind: 'file' | 'directory' | 'other';
}

export interface ReadableFile {
  readonly status: FileStatus;
  /** Fills `buffer` from `position` as far as the file goes; returns the bytes read, 0 at the end. */
  read(buffer: Uint8Array, position: number): Promise<number>;
  close(): Promise<void>;
}

/** A file being written that others may read by position at the same time. */
export interface GrowingFile {
  readonly path: string;
  /** Appends all of `bytes`. */
  write(bytes: Uint8Array): Promise<void>;
  read(buffer: Uint8Array, position: number): Promise<number>;
  /** Drops what lies behind `size`; what is written next follows there. */
  truncate(size: number): Promise<void>;
  /** fsync. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
