import type { ReadableFile } from '../files.ts';

/**
 * Files that another program made, as a port. No call follows a symbolic link in the last part of a
 * path. Absence is not an error; everything else throws ProgramError as the port Files does.
 */
export interface Tree {
  /** The user that this program is for the system; undefined where there are none, and for root. */
  readonly user: number | undefined;
  look(path: string): Promise<TreeEntry | undefined>;
  /** Unordered; undefined when absent or no directory. */
  list(directory: string): Promise<readonly TreeName[] | undefined>;
  /** Undefined when absent, a link, or anything but a file. */
  open(path: string): Promise<ReadableFile | undefined>;
  /** The path without links, or undefined when absent. */
  realPath(path: string): Promise<string | undefined>;
  /** An empty file; fine when it is there. */
  mark(path: string): Promise<void>;
  /** Lets the owner read a file or enter a directory. */
  makeReadable(path: string): Promise<void>;
  /** A file, a link itself, or a directory with all in it, write-protected or not; absent is fine. */
  remove(path: string): Promise<void>;
}

export type TreeKind = 'file' | 'directory' | 'link' | 'other';

export interface TreeName {
  readonly name: string;
  readonly kind: TreeKind;
}

export interface TreeEntry {
  readonly kind: TreeKind;
  readonly size: number;
  readonly modifiedMilliseconds: number;
  readonly owner: number;
  /** The permission bits let its owner read it, and enter it when it is a directory. */
  readonly isReadable: boolean;
  /** Its group or everybody may change it. */
  readonly isShared: boolean;
}
