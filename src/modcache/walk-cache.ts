import { join } from 'node:path';
import { unescapePath } from '../gomod/path/index.ts';
import type { Tree } from '../platform/tree/index.ts';
import { readExtractedName, readFileName } from './cache-names.ts';
import type { VersionFiles } from './cache-names.ts';
import { isChosen } from './module-filter.ts';
import type { ModuleFilter } from './module-filter.ts';
import type { ModuleVersion } from './module-version.ts';

const DOWNLOAD_FOLDER = 'cache/download';

/** One version that the cache has something of. */
export interface CachedVersion {
  readonly module: ModuleVersion;
  /** `cache/download/PATH/@v`, relative to the cache. */
  readonly folder: string;
  readonly files: VersionFiles;
  readonly unpacked: string;
}

/** Every version below `cache/download`, one directory in memory at a time, in the order of names. */
export async function* walkVersions(
  tree: Tree,
  root: string,
  only: readonly ModuleFilter[],
): AsyncGenerator<CachedVersion> {
  const waiting: string[] = [''];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const names = (await tree.list(join(root, DOWNLOAD_FOLDER, next))) ?? [];
    const folders = names.filter(({ kind }) => kind === 'directory').map(({ name }) => name);
    if (folders.includes('@v')) yield* versionsOf(tree, root, next, only);
    const below = folders
      // The checksum database's files lie beside the modules, under a name that is no module path.
      .filter((name) => name !== '@v' && !(next === '' && name === 'sumdb'))
      .map((name) => (next === '' ? name : `${next}/${name}`));
    waiting.push(...below.toSorted().toReversed());
  }
}

async function* versionsOf(
  tree: Tree,
  root: string,
  escapedPath: string,
  only: readonly ModuleFilter[],
): AsyncGenerator<CachedVersion> {
  const path = unescapePath(escapedPath);
  if (!path.ok) return;
  const folder = `${DOWNLOAD_FOLDER}/${escapedPath}/@v`;
  const versions = new Map<string, VersionFiles>();
  for (const { name, kind } of (await tree.list(join(root, folder))) ?? []) {
    const read = readFileName(name);
    if (read === undefined) continue;
    const { escaped, version } = read;
    const files: VersionFiles = versions.get(escaped) ?? {
      escaped,
      version,
      kinds: new Map(),
      leftovers: [],
    };
    versions.set(escaped, files);
    if (read.isLeftover) files.leftovers.push(name);
    else files.kinds.set(read.kind, kind);
  }
  for (const files of versions.values()) {
    const module = { path: path.value, version: files.version };
    if (!isChosen(only, module)) continue;
    yield { module, folder, files, unpacked: `${escapedPath}@${files.escaped}` };
  }
}

/** The files of one version as they are now. */
export async function lookAgain(
  tree: Tree,
  root: string,
  { module, folder }: Pick<CachedVersion, 'module' | 'folder'>,
): Promise<CachedVersion | undefined> {
  const escapedPath = folder.slice(DOWNLOAD_FOLDER.length + 1, -'/@v'.length);
  for await (const found of versionsOf(tree, root, escapedPath, [module])) return found;
  return undefined;
}

/** Directories that a go command before 1.16 unpacked beside their final place, and left. */
export async function* walkUnpackedLeftovers(
  tree: Tree,
  root: string,
  only: readonly ModuleFilter[],
): AsyncGenerator<{ readonly module: ModuleVersion; readonly directory: string }> {
  const waiting = [''];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const { name, kind } of (await tree.list(join(root, next))) ?? []) {
      if (kind !== 'directory' || (next === '' && name === 'cache')) continue;
      const directory = next === '' ? name : `${next}/${name}`;
      if (!name.includes('@')) {
        waiting.push(directory);
        continue;
      }
      const read = readExtractedName(directory);
      if (read?.isLeftover !== true) continue;
      const module = { path: read.path, version: read.version };
      if (isChosen(only, module)) yield { module, directory };
    }
  }
}
