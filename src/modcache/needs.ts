import type { ExpectedHash } from '../gosettings/index.ts';
import type { ZipChecker } from '../module-zip/index.ts';
import type { Clock, Locks } from '../platform/index.ts';
import type { Tree } from '../platform/tree/index.ts';
import type { ModuleFilter } from './module-filter.ts';

export interface ModuleCacheNeeds {
  readonly clock: Pick<Clock, 'epochMilliseconds'>;
  readonly tree: Tree;
  /** The go command's own locks; may throw `command-not-found` where they cannot be taken. */
  readonly locks: Locks;
  readonly zips: Pick<ZipChecker, 'check'>;
  readonly proveCopy: ProveCopy;
}

/** Proves a stored answer of a checksum database from the tiles beside it. */
export type ProveCopy = (copy: {
  readonly database: string;
  readonly bytes: Buffer;
  readonly path: string;
  readonly version: string;
  readTile(path: string): Promise<Buffer | undefined>;
}) => Promise<CopyVerdict>;

export type CopyVerdict =
  | {
      readonly kind: 'proven';
      readonly zip: string | undefined;
      readonly mod: string | undefined;
      readonly tiles: readonly string[];
    }
  | { readonly kind: 'refused'; readonly problem: string }
  | { readonly kind: 'contradicted'; readonly tiles: readonly string[] }
  | { readonly kind: 'unproven' };

export interface ModuleCacheSettings {
  /** GOMODCACHE, absolute. */
  readonly directory: string;
  /** What the go.sum files beside the command have. */
  readonly goSums: readonly ExpectedHash[];
  /** Only these modules; all when empty. */
  readonly only: readonly ModuleFilter[];
}

/** How far the work has come. */
export interface WorkDone {
  readonly versions: number;
  readonly bytes: number;
}
