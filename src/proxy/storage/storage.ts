import type { GrowingFile } from '../../platform/index.ts';

/**
 * Where artifacts live. A key is the escaped path of the GOPROXY protocol (`rsc.io/quote/@v/v1.5.2.zip`);
 * only keys that `parseRoute` produced may come in here, so that no path can leave the tree.
 */
export interface Storage {
  /** Undefined when absent. The caller closes what it gets. */
  open(key: string): Promise<StoredArtifact | undefined>;
  /** A scratch file of our own, which disappears with `discard` or becomes the artifact with `commit`. */
  begin(): Promise<Draft>;
  /** Writes a whole small artifact; atomic and idempotent: the first one to come stays. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  has(key: string): Promise<boolean>;
  /** Versions of which `.info`, `.mod` and `.zip` are all here, in no order; the path is escaped. */
  completeVersions(escapedPath: string): Promise<readonly string[]>;
  /** Looks through the tree for modules whose `list` a process that died did not write. */
  repairLists(): Promise<void>;
  /** Finishes what is written in the background: the `list` files of the tree. */
  close(): Promise<void>;
}

export interface StoredArtifact {
  readonly size: number;
  readonly modifiedMilliseconds: number;
  /** SHA-256 of the bytes as hex where it was recorded at the commit. */
  readonly sha256: string | undefined;
  read(buffer: Uint8Array, position: number): Promise<number>;
  close(): Promise<void>;
}

/** An artifact being written; others may read it by position meanwhile. */
export interface Draft {
  readonly file: GrowingFile;
  /** fsync, rename to the key, fsync of the directory. The file stays readable until `release`. */
  commit(key: string, sha256: string | undefined): Promise<void>;
  /** Closes the file; removes it when it was not committed. Safe to call twice. */
  release(): Promise<void>;
}
