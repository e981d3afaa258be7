import { join } from 'node:path';
import { unescapePath, unescapeVersion } from '../gomod/path/index.ts';
import type { Damage } from './damage.ts';
import { readSmall } from './small-file.ts';
import type { ModuleVersion } from './module-version.ts';
import type { ModuleCacheNeeds } from './needs.ts';
import { listDatabases, LOOKUP_BYTES, readTile, SUMDB_FOLDER } from './trusted-hashes.ts';

interface Place {
  readonly needs: ModuleCacheNeeds;
  readonly root: string;
}

/** SHA-256. */
const HASH_BYTES = 32;
const TILE_NAME = /^tile\/8\/(\d{1,2})\/(?:x\d{3}\/)*\d{3}(?:\.p\/(\d{1,3}))?$/;

/** What the cache keeps of checksum databases: each record and each tile, as far as they prove each other. */
export async function judgeChecksums(place: Place): Promise<readonly Damage[]> {
  const damages: Damage[] = [];
  for (const database of await listDatabases(place.needs, place.root)) {
    const folder = `${SUMDB_FOLDER}/${database}`;
    const tiles = await wrongSizes(place, folder, database);
    damages.push(
      ...tiles,
      ...(await judgeRecords(place, folder, database, new Set(tiles.map(({ file }) => file)))),
    );
  }
  return damages;
}

/** A tile's name says how many hashes it has. */
async function wrongSizes(
  place: Place,
  folder: string,
  database: string,
): Promise<readonly Damage[]> {
  const damages: Damage[] = [];
  for await (const file of walkFiles(place, `${folder}/tile`)) {
    const [, level, width] = TILE_NAME.exec(file.slice(folder.length + 1)) ?? [];
    if (level === undefined) continue;
    const entry = await place.needs.tree.look(join(place.root, file));
    const wanted = (width === undefined ? 256 : Number(width)) * HASH_BYTES;
    if (entry === undefined || entry.kind !== 'file' || entry.size === wanted) continue;
    damages.push(
      checksumDamage(file, `a cached tile of ${database} is cut or foreign`, [
        `it has ${entry.size} bytes and must have ${wanted}`,
      ]),
    );
  }
  return damages;
}

async function judgeRecords(
  place: Place,
  folder: string,
  database: string,
  /** Tiles that are known to be broken. */
  broken: ReadonlySet<string>,
): Promise<readonly Damage[]> {
  const damages: Damage[] = [];
  const sound = new Set<string>();
  const suspects = new Set<string>();
  for await (const file of walkFiles(place, `${folder}/lookup`)) {
    const module = readLookupName(file.slice(folder.length + '/lookup/'.length));
    const read = await readSmall(place, file, LOOKUP_BYTES);
    if (module === undefined || read.kind === 'absent') continue;
    if (read.kind === 'too-large') {
      damages.push(lookupDamage(file, database, module, `it has ${read.size} bytes`));
      continue;
    }
    const verdict = await place.needs.proveCopy({
      database,
      bytes: read.bytes,
      ...module,
      // A tile that is known to be broken says nothing about others.
      readTile: async (tile) => {
        const path = `${folder}/${tile}`;
        return broken.has(path) ? undefined : readTile(place, path);
      },
    });
    if (verdict.kind === 'refused') {
      damages.push(lookupDamage(file, database, module, verdict.problem));
    } else if (verdict.kind !== 'unproven') {
      const into = verdict.kind === 'proven' ? sound : suspects;
      for (const tile of verdict.tiles) into.add(`${folder}/${tile}`);
    }
  }
  for (const tile of suspects.difference(sound)) {
    damages.push(
      checksumDamage(tile, `a cached tile of ${database} is wrong`, [
        'with it the tiles do not give the root of the tree that was signed',
      ]),
    );
  }
  return damages;
}

/** `github.com/!burnt!sushi/toml@v1.0.0` */
function readLookupName(name: string): ModuleVersion | undefined {
  const at = name.lastIndexOf('@');
  const path = unescapePath(name.slice(0, Math.max(at, 0)));
  const version = unescapeVersion(name.slice(at + 1));
  return at > 0 && path.ok && version.ok ? { path: path.value, version: version.value } : undefined;
}

function lookupDamage(
  file: string,
  database: string,
  module: ModuleVersion,
  proof: string,
): Damage {
  const { path, version } = module;
  const title = `the cached record of ${database} about ${path}@${version} is wrong`;
  return { ...checksumDamage(file, title, [proof]), module };
}

function checksumDamage(file: string, title: string, [proof = '']: readonly string[]): Damage {
  return {
    code: 'cache-corrupt',
    severity: 'error',
    title,
    proof,
    file,
    module: undefined,
    remove: [file],
    behaviour: 'go believes its copy and reports a misbehaving checksum database.',
    goMends: false,
    confidence: 1,
  };
}

async function* walkFiles({ needs, root }: Place, folder: string): AsyncGenerator<string> {
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const { name, kind } of (await needs.tree.list(join(root, next))) ?? []) {
      const path = `${next}/${name}`;
      if (kind === 'directory') waiting.push(path);
      else if (kind === 'file') yield path;
    }
  }
}
