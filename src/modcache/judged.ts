import { relative } from 'node:path';
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
  /** What was found kept the rest from being judged. */
  readonly isCutShort?: boolean;
}

/** Relative path of one of the version's files. */
export function fileOf({ folder, files }: Subject, suffix: string): string {
  return `${folder}/${files.escaped}.${suffix}`;
}

export function nameOf({ module }: Subject): string {
  return `${module.path}@${module.version}`;
}

/** The path, relative to the cache, that could not be read for want of rights, instead of the result. */
export async function unlessDenied<T>(
  { root, unpacked }: Subject,
  call: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly deniedAt: string }> {
  try {
    return { value: await call() };
  } catch (error) {
    if (!isProgramError(error) || error.kind !== 'denied') throw error;
    const { path } = error.details;
    return { deniedAt: typeof path === 'string' ? relative(root, path) : unpacked };
  }
}
