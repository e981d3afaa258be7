import { join } from 'node:path';
import { isProgramError } from '../platform/index.ts';
import type { Lock, Locks } from '../platform/index.ts';

export type Taken =
  | { readonly kind: 'held'; readonly lock: Lock }
  /** A go command works on that version now. */
  | { readonly kind: 'busy' }
  /** No lock can be taken here: a read-only cache, a file system without locks, no `flock` program. */
  | { readonly kind: 'impossible' };

/** The lock that the go command holds while it downloads and unpacks one version. */
export async function takeLock(locks: Locks, root: string, file: string): Promise<Taken> {
  try {
    const lock = await locks.tryExclusive(join(root, file));
    return lock === undefined ? { kind: 'busy' } : { kind: 'held', lock };
  } catch (error) {
    if (!isProgramError(error) || error.kind === 'bug') throw error;
    return { kind: 'impossible' };
  }
}
