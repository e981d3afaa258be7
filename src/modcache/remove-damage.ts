import { dirname, join } from 'node:path';
import { isProgramError } from '../platform/index.ts';
import type { Tree } from '../platform/tree/index.ts';
import type { Damage } from './damage.ts';

/** What was done about one path. */
export interface Action {
  /** Relative to the cache. */
  readonly path: string;
  readonly kind: 'removed' | 'would-remove' | 'made-readable' | 'would-make-readable' | 'left';
  readonly why: string;
  /** Why it was left. */
  readonly obstacle?: string | undefined;
  readonly goMends: boolean;
}

/** Takes away what one damage is made of, inside the cache and nowhere else. */
export async function removeDamage(
  tree: Tree,
  root: string,
  damage: Damage,
  isDryRun: boolean,
): Promise<readonly Action[]> {
  const actions: Action[] = [];
  const about = { why: `${damage.title}: ${damage.proof}`, goMends: damage.goMends };
  for (const path of damage.makeReadable ?? []) {
    const obstacle = isDryRun
      ? undefined
      : await attempt(tree, root, path, async (whole) => tree.makeReadable(whole));
    const kind = isDryRun ? 'would-make-readable' : 'made-readable';
    actions.push({ ...about, path, kind: obstacle === undefined ? kind : 'left', obstacle });
  }
  for (const path of damage.remove) {
    if ((await tree.look(join(root, path))) === undefined) continue;
    const obstacle = isDryRun
      ? undefined
      : await attempt(tree, root, path, async (whole) => removeOne(tree, root, whole, damage));
    const kind = isDryRun ? 'would-remove' : 'removed';
    actions.push({ ...about, path, kind: obstacle === undefined ? kind : 'left', obstacle });
    // The marker of a half-unpacked directory stays for as long as that directory does.
    if (obstacle !== undefined) break;
  }
  return actions;
}

/** A tree goes under the marker that go itself sets, so that a crash leaves no half of it to be believed. */
async function removeOne(
  tree: Tree,
  root: string,
  whole: string,
  { marker }: Damage,
): Promise<void> {
  if (marker === undefined) {
    await tree.remove(whole);
    return;
  }
  await tree.mark(join(root, marker));
  await tree.remove(whole);
  await tree.remove(join(root, marker));
}

/** Gives what stood in the way. */
async function attempt(
  tree: Tree,
  root: string,
  path: string,
  act: (whole: string) => Promise<void>,
): Promise<string | undefined> {
  const realRoot = await tree.realPath(root);
  const realFolder = await tree.realPath(join(root, dirname(path)));
  if (realRoot === undefined || realFolder !== join(realRoot, dirname(path))) {
    return 'a symbolic link leads to it';
  }
  try {
    await act(join(realRoot, path));
    return undefined;
  } catch (error) {
    if (!isProgramError(error) || error.kind === 'bug') throw error;
    return error.message;
  }
}
