import type { Files } from '../../platform/index.ts';
import type { StoredVersion } from './storage.ts';

/** As many as the thread pool has hands for, and a few that wait. */
const STATUS_AT_ONCE = 8;
const ARTIFACT = /^(.+)\.(info|mod|zip)$/u;

/** The escaped paths of all modules in the tree, one directory at a time, in the order of their names. */
export async function* modulesBelow(files: Files, tree: string): AsyncGenerator<string> {
  const waiting = [''];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const entries = (await files.list(`${tree}/${path}`)) ?? [];
    const names = entries.filter(({ kind }) => kind === 'directory').map(({ name }) => name);
    if (names.includes('@v')) yield path;
    for (const name of names.toSorted().toReversed()) {
      const isDatabase = path === '' && name === 'sumdb';
      if (name !== '@v' && !isDatabase) waiting.push(path === '' ? name : `${path}/${name}`);
    }
  }
}

/** What is stored of each version of one module. */
export async function versionsOf(
  files: Files,
  tree: string,
  escapedPath: string,
): Promise<readonly StoredVersion[]> {
  const directory = `${escapedPath}/@v`;
  const entries = (await files.list(`${tree}/${directory}`)) ?? [];
  const names = entries
    .filter(({ name, kind }) => kind === 'file' && ARTIFACT.test(name))
    .map(({ name }) => name)
    .toSorted();
  const versions = new Map<string, StoredVersion['files'][number][]>();
  for (let index = 0; index < names.length; index += STATUS_AT_ONCE) {
    await Promise.all(
      names.slice(index, index + STATUS_AT_ONCE).map(async (name) => {
        const key = `${directory}/${name}`;
        const status = await files.status(`${tree}/${key}`);
        if (status === undefined) return;
        const unit = key.slice(0, key.lastIndexOf('.'));
        const { size, modifiedMilliseconds } = status;
        const known = versions.get(unit) ?? [];
        versions.set(unit, [...known, { key, size, modifiedMilliseconds }]);
      }),
    );
  }
  return [...versions].map(([unit, stored]) => ({ unit, files: stored }));
}
