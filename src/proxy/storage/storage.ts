import type { GrowingFile } from '../../platform/index.ts';

/**
 * Where artifacts live. A key is the escaped path of the GOPROXY protocol (`rsc.io/quote/@v/v1.5.2.zip`);
 * only keys that `parseRoute` produced may come in here, so that no path can leave the tree.
 * No byte is given out that is not what was stored: a damaged artifact is taken out of the tree,
 * reported, and absent from then on.
 */
export interface Storage {
  /** A whole artifact, unless it is larger than the limit. */
  read(key: string, limitBytes: number): Promise<StoredBytes | 'absent' | 'too-large'>;
  /** For reading piece by piece; undefined when absent. The caller closes what it gets. */
  open(key: string): Promise<StoredArtifact | undefined>;
  /** A scratch file of our own, which disappears with `discard` or becomes the artifact with `commit`. */
  begin(): Promise<Draft>;
  /** Writes a whole small artifact; atomic and idempotent. Gives its SHA-256 as hex. */
  put(key: string, bytes: Uint8Array): Promise<string>;
  has(key: string): Promise<boolean>;
  /** Versions of which `.info`, `.mod` and `.zip` are all here, in no order; the path is escaped. */
  completeVersions(escapedPath: string): Promise<readonly string[]>;
  /** The escaped paths of all modules, read while they are asked for: nothing else may wait for the end. */
  modules(): AsyncIterable<string>;
  /** What is stored of each version of a module; the path is escaped. */
  versions(escapedPath: string): Promise<readonly StoredVersion[]>;
  /** Removes a version, named as `versions` does. Whoever reads it now reads it to its end. */
  remove(unit: string): Promise<void>;
  /** Looks through the tree for modules whose `list` a process that died did not write. */
  repairLists(): Promise<void>;
  /** Finishes what is written in the background: the `list` files of the tree. */
  close(): Promise<void>;
}

export interface StoredVersion {
  /** The key of its files without their extension: `rsc.io/quote/@v/v1.5.2`. */
  readonly unit: string;
  readonly files: readonly {
    readonly key: string;
    readonly size: number;
    readonly modifiedMilliseconds: number;
  }[];
}

export interface StoredBytes {
  readonly bytes: Buffer;
  readonly modifiedMilliseconds: number;
  /** Of the bytes, as hex. */
  readonly sha256: string;
}

export interface StoredArtifact {
  readonly size: number;
  readonly modifiedMilliseconds: number;
  /** Of the bytes, as hex. */
  readonly sha256: string;
  /** Takes it out of the tree and reports it. */
  accuse(problem: string): Promise<void>;
  /** Throws `artifact-damaged` instead of giving out a block that is not what was stored. */
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
