import { join } from 'node:path';
import type { ModuleCacheNeeds } from './needs.ts';

export interface CachePlace {
  readonly needs: Pick<ModuleCacheNeeds, 'tree'>;
  /** GOMODCACHE, absolute. */
  readonly root: string;
}

export type SmallFile =
  | { readonly kind: 'read'; readonly bytes: Buffer }
  | { readonly kind: 'absent' }
  | { readonly kind: 'too-large'; readonly size: number };

export async function readSmall(
  { needs, root }: CachePlace,
  relative: string,
  limitBytes: number,
): Promise<SmallFile> {
  const file = await needs.tree.open(join(root, relative));
  if (file === undefined) return { kind: 'absent' };
  try {
    const { size } = file.status;
    if (size > limitBytes) return { kind: 'too-large', size };
    const bytes = Buffer.alloc(size);
    const count = await file.read(bytes, 0);
    return { kind: 'read', bytes: bytes.subarray(0, count) };
  } finally {
    await file.close();
  }
}
