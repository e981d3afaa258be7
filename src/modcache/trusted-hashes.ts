import { escapePath, escapeVersion } from '../gomod/path/index.ts';
import type { ExpectedHash } from '../gosettings/index.ts';
import type { ModuleVersion } from './module-version.ts';
import type { ModuleCacheNeeds } from './needs.ts';
import { readSmall } from './small-file.ts';

/** A hash that something outside the entry itself vouches for. */
export interface TrustedHash {
  readonly hash: string;
  /** For people: `go.sum:12`. */
  readonly from: string;
}

export interface TrustedHashes {
  of(module: ModuleVersion, kind: 'zip' | 'mod'): Promise<TrustedHash | undefined>;
}

/** A record holds two lines and a tree head; this leaves room for a hundred. */
export const LOOKUP_BYTES: number = 256 * 1024;
/** Tiles of 256 hashes, and of whole records. */
const TILE_BYTES: number = 1024 * 1024;

export const SUMDB_FOLDER = 'cache/download/sumdb';

/** go.sum first; else what the cache has of a checksum database, where it proves itself. */
export function createTrustedHashes(
  needs: ModuleCacheNeeds,
  root: string,
  goSums: readonly ExpectedHash[],
): TrustedHashes {
  const known = new Map<string, TrustedHash>();
  for (const { path, version, kind, hash, place } of goSums) {
    known.set(`${kind} ${path}@${version}`, { hash, from: place });
  }
  let databases: Promise<readonly string[]> | undefined;

  async function proven(module: ModuleVersion): Promise<Proven | undefined> {
    databases ??= listDatabases(needs, root);
    for (const database of await databases) {
      const path = escapePath(module.path);
      const version = escapeVersion(module.version);
      if (!path.ok || !version.ok) return undefined;
      const folder = `${SUMDB_FOLDER}/${database}`;
      const file = `${folder}/lookup/${path.value}@${version.value}`;
      const read = await readSmall({ needs, root }, file, LOOKUP_BYTES);
      if (read.kind !== 'read') continue;
      const verdict = await needs.proveCopy({
        database,
        bytes: read.bytes,
        ...module,
        readTile: (tile) => readTile({ needs, root }, `${folder}/${tile}`),
      });
      if (verdict.kind === 'proven') return { ...verdict, from: `the record of ${database}` };
    }
    return undefined;
  }

  return {
    of: async (module, kind) => {
      const line = known.get(`${kind} ${module.path}@${module.version}`);
      if (line !== undefined) return line;
      const record = await proven(module);
      const hash = record?.[kind];
      return record === undefined || hash === undefined ? undefined : { hash, from: record.from };
    },
  };
}

interface Proven {
  readonly zip: string | undefined;
  readonly mod: string | undefined;
  readonly from: string;
}

/** Names of checksum databases that the cache has something of; a name may hold slashes. */
export async function listDatabases(
  { tree }: Pick<ModuleCacheNeeds, 'tree'>,
  root: string,
): Promise<readonly string[]> {
  const found: string[] = [];
  const waiting = [''];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const names = (await tree.list(`${root}/${SUMDB_FOLDER}/${next}`)) ?? [];
    const folders = names.filter(({ kind }) => kind === 'directory').map(({ name }) => name);
    if (folders.includes('lookup') || folders.includes('tile')) {
      found.push(next);
    } else if (next.split('/').length <= DEEPEST_NAME) {
      waiting.push(...folders.map((name) => (next === '' ? name : `${next}/${name}`)));
    }
  }
  return found.toSorted();
}

/** `sum.example.com/some/name` and a little more. */
const DEEPEST_NAME = 5;

export async function readTile(
  place: { readonly needs: ModuleCacheNeeds; readonly root: string },
  relative: string,
): Promise<Buffer | undefined> {
  const read = await readSmall(place, relative, TILE_BYTES);
  return read.kind === 'read' ? read.bytes : undefined;
}
