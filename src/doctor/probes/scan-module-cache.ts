import { join } from 'node:path';
import type { DoctorNeeds } from '../needs.ts';

export interface CacheScan {
  /** Files that `go` takes for whole, and that cannot be. */
  readonly empty: readonly string[];
  /** Locks of git commands that were killed. */
  readonly locks: readonly string[];
  readonly looked: number;
  /** False when there was more than there was time for. */
  readonly isWhole: boolean;
}

/** Together with the probes beside it this keeps a default visit within its two seconds. */
const QUICK_FILES = 1500;
const DEEP_FILES = 200_000;
/** The first few show what is wrong. */
const SHOWN = 20;
/** A git command that fetches a large repository holds its lock that long. */
const LOCK_MILLISECONDS = 10 * 60_000;

/** Looks into `cache/download` and `cache/vcs` of a module cache, breadth first. */
export async function scanCache(
  { files, clock }: DoctorNeeds,
  folder: string,
  deep: boolean,
  signal: AbortSignal,
): Promise<CacheScan> {
  const limit = deep ? DEEP_FILES : QUICK_FILES;
  const empty: string[] = [];
  let looked = 0;
  const queue = [join(folder, 'cache', 'download')];
  for (let next = queue.shift(); next !== undefined && looked < limit; next = queue.shift()) {
    signal.throwIfAborted();
    const entries = await files.list(next).catch(() => undefined);
    for (const { name, kind } of entries ?? []) {
      const path = join(next, name);
      if (kind === 'directory') queue.push(path);
      else if (/\.(?:mod|info|zip|ziphash)$/.test(name)) {
        looked += 1;
        if (looked > limit) break;
        const status = await files.status(path).catch(() => undefined);
        const isBroken = status !== undefined && status.size < leastBytes(name);
        if (isBroken && empty.length < SHOWN) empty.push(path);
      }
    }
  }
  const isWhole = queue.length === 0 && looked <= limit;
  const locks = await findLocks({ files, clock }, join(folder, 'cache', 'vcs'));
  return { empty, locks, looked: Math.min(looked, limit), isWhole };
}

/** Even a zip without entries has an end record of 22 bytes (APPNOTE 4.3.16). */
function leastBytes(name: string): number {
  return name.endsWith('.zip') ? 22 : 1;
}

async function findLocks(
  { files, clock }: Pick<DoctorNeeds, 'files' | 'clock'>,
  folder: string,
): Promise<readonly string[]> {
  const repositories = (await files.list(folder).catch(() => undefined)) ?? [];
  const found: string[] = [];
  for (const { name, kind } of repositories.slice(0, QUICK_FILES)) {
    if (kind !== 'directory') continue;
    for (const lock of [
      'shallow.lock',
      'index.lock',
      'config.lock',
      'HEAD.lock',
      'packed-refs.lock',
    ]) {
      const path = join(folder, name, lock);
      const status = await files.status(path).catch(() => undefined);
      const age = clock.epochMilliseconds() - (status?.modifiedMilliseconds ?? Infinity);
      if (age > LOCK_MILLISECONDS && found.length < SHOWN) found.push(path);
    }
  }
  return found;
}
