import { dirname, join } from 'node:path';
import type { ManifestNeeds } from './needs.ts';

/** Deeper paths than this are no repositories. */
const DEEPEST = 64;

/** The nearest directory at or above this one that git knows. */
export async function findRepository(
  { files }: ManifestNeeds,
  directory: string,
): Promise<string | undefined> {
  let place = directory;
  for (let depth = 0; depth < DEEPEST; depth++) {
    if ((await files.status(join(place, '.git'))) !== undefined) return place;
    const above = dirname(place);
    if (above === place) return undefined;
    place = above;
  }
  return undefined;
}
