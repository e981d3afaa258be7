import { isProgramError } from '../platform/index.ts';
import type { Damage } from './damage.ts';
import type { ModuleVersion } from './module-version.ts';
import type { ModuleCacheNeeds } from './needs.ts';
import type { VersionFiles } from './cache-names.ts';
import type { TrustedHashes } from './trusted-hashes.ts';

/** One version of one module in the cache, and what it is judged with. */
export interface Subject {
  readonly needs: ModuleCacheNeeds;
  /** GOMODCACHE, absolute. */
  readonly root: string;
  readonly module: ModuleVersion;
  /** `cache/download/PATH/@v`, relative to the cache. */
  readonly folder: string;
  readonly files: VersionFiles;
  /** The unpacked module, relative to the cache. */
  readonly unpacked: string;
  readonly trusted: TrustedHashes;
  readonly signal: AbortSignal;
}

export interface Judged {
  readonly damages: readonly Damage[];
  readonly bytes: number;
}

/** Relative path of one of the version's files. */
export function fileOf({ folder, files }: Subject, suffix: string): string {
  return `${folder}/${files.escaped}.${suffix}`;
}

export function nameOf({ module }: Subject): string {
  return `${module.path}@${module.version}`;
}

/** Undefined when the call failed for want of rights. */
export async function unlessDenied<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isProgramError(error) && error.kind === 'denied') return undefined;
    throw error;
  }
}
