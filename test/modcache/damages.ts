import {
  appendFile,
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { escapePath, escapeVersion } from '../../src/gomod/path/index.ts';
import type { Module } from './laboratory.ts';

/** Where one module version lies in a cache, relative to it. */
export interface Place {
  readonly module: Module;
  /** `cache/download/PATH/@v/VERSION`, without the dot and what follows. */
  readonly files: string;
  readonly unpacked: string;
}

export interface Surroundings {
  readonly cache: string;
  readonly place: Place;
  /** Another module, which is left alone. */
  readonly other: Place;
  /** From 0 to below `limit`. */
  readonly random: (limit: number) => number;
}

/** A way to break a cache. */
export interface DamageKind {
  readonly name: string;
  /** Paths that may go: a whole directory with what is in it. Nothing else may be missing afterwards. */
  readonly apply: (around: Surroundings) => Promise<readonly string[]>;
  /** What is found; `none` where nothing is broken in truth. */
  readonly finds: 'cache-corrupt' | 'cache-empty-file-hash' | 'cache-permission-denied' | 'none';
}

export function placeOf(module: Module): Place {
  const path = escapePath(module.path);
  const version = escapeVersion(module.version);
  if (!path.ok || !version.ok) throw new Error(`no such module: ${module.path}`);
  return {
    module,
    files: `cache/download/${path.value}/@v/${version.value}`,
    unpacked: `${path.value}@${version.value}`,
  };
}

const LONG_AGO = new Date('2020-01-01T00:00:00Z');

async function flip(file: string, random: (limit: number) => number): Promise<void> {
  const bytes = await readFile(file);
  const at = random(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
  await chmod(file, 0o644);
  await writeFile(file, bytes);
}

/** Some file of the unpacked module, made writable with its directory. */
async function someFile({ cache, place, random }: Surroundings): Promise<string> {
  const folder = join(cache, place.unpacked);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const chosen = files[random(files.length)];
  if (chosen === undefined) throw new Error(`${folder} is empty`);
  await chmod(chosen.parentPath, 0o755);
  const file = join(chosen.parentPath, chosen.name);
  await chmod(file, 0o644);
  return file;
}

function overwrite(suffix: string, text: string) {
  return async ({ cache, place }: Surroundings): Promise<readonly string[]> => {
    await writeFile(join(cache, `${place.files}.${suffix}`), text);
    return [`${place.files}.${suffix}`];
  };
}

function copyFromOther(suffix: string) {
  return async ({ cache, place, other }: Surroundings): Promise<readonly string[]> => {
    const bytes = await readFile(join(cache, `${other.files}.${suffix}`));
    await writeFile(join(cache, `${place.files}.${suffix}`), bytes);
    return [`${place.files}.${suffix}`];
  };
}

const zips: readonly DamageKind[] = [
  {
    name: 'a zip with a flipped bit',
    finds: 'cache-corrupt',
    apply: async ({ cache, place, random }) => {
      await flip(join(cache, `${place.files}.zip`), random);
      return [`${place.files}.zip`];
    },
  },
  {
    name: 'a zip that is cut off',
    finds: 'cache-corrupt',
    apply: async ({ cache, place, random }) => {
      const file = join(cache, `${place.files}.zip`);
      await truncate(file, 1 + random((await readFile(file)).length - 1));
      return [`${place.files}.zip`];
    },
  },
  { name: 'an empty zip', finds: 'cache-corrupt', apply: overwrite('zip', '') },
  {
    name: 'a web page instead of a zip',
    finds: 'cache-corrupt',
    apply: overwrite('zip', '<!doctype html><title>Sign in</title>\n'),
  },
  { name: "another module's zip", finds: 'cache-corrupt', apply: copyFromOther('zip') },
  {
    name: 'a zip that ends in zeros, as after a power cut',
    finds: 'cache-corrupt',
    apply: async ({ cache, place }) => {
      const file = join(cache, `${place.files}.zip`);
      const bytes = await readFile(file);
      await writeFile(file, bytes.fill(0, Math.floor(bytes.length / 2)));
      return [`${place.files}.zip`];
    },
  },
  {
    name: 'a directory in the place of a zip',
    finds: 'cache-corrupt',
    apply: async ({ cache, place }) => {
      const file = join(cache, `${place.files}.zip`);
      await unlink(file);
      await mkdir(file);
      await writeFile(join(file, 'inside'), 'x');
      return [`${place.files}.zip`];
    },
  },
  {
    name: "another module's zip and its hash file",
    finds: 'cache-corrupt',
    apply: async (around) => [
      ...(await copyFromOther('zip')(around)),
      ...(await copyFromOther('ziphash')(around)),
    ],
  },
];

const hashFiles: readonly DamageKind[] = [
  { name: 'an empty hash file', finds: 'cache-corrupt', apply: overwrite('ziphash', '') },
  {
    name: 'a hash file of zero bytes in their number',
    finds: 'cache-corrupt',
    apply: overwrite('ziphash', '\0'.repeat(47)),
  },
  { name: 'a malformed hash file', finds: 'cache-corrupt', apply: overwrite('ziphash', 'h1:abc') },
  { name: "another module's hash file", finds: 'cache-corrupt', apply: copyFromOther('ziphash') },
  {
    name: 'no hash file',
    finds: 'cache-corrupt',
    apply: async ({ cache, place }) => {
      await unlink(join(cache, `${place.files}.ziphash`));
      return [`${place.files}.ziphash`];
    },
  },
];

const smallFiles: readonly DamageKind[] = [
  { name: 'an empty go.mod', finds: 'cache-empty-file-hash', apply: overwrite('mod', '') },
  { name: "another module's go.mod", finds: 'cache-corrupt', apply: copyFromOther('mod') },
  {
    name: 'a web page instead of a go.mod',
    finds: 'cache-corrupt',
    apply: overwrite('mod', '<html>please sign in</html>\n'),
  },
  {
    name: 'a go.mod with a flipped bit',
    finds: 'cache-corrupt',
    apply: async ({ cache, place, random }) => {
      await flip(join(cache, `${place.files}.mod`), random);
      return [`${place.files}.mod`];
    },
  },
  {
    name: 'a go.mod that is cut off',
    finds: 'cache-corrupt',
    apply: async ({ cache, place }) => {
      await truncate(join(cache, `${place.files}.mod`), 5);
      return [`${place.files}.mod`];
    },
  },
  { name: 'an empty .info', finds: 'cache-corrupt', apply: overwrite('info', '') },
  { name: 'an .info that is no JSON', finds: 'cache-corrupt', apply: overwrite('info', '{"Ver') },
  {
    name: 'an .info of another version',
    finds: 'cache-corrupt',
    apply: overwrite('info', '{"Version":"v9.9.9","Time":"2020-01-01T00:00:00Z"}'),
  },
];

const unpacked: readonly DamageKind[] = [
  {
    name: 'a changed file in the unpacked module',
    finds: 'cache-corrupt',
    apply: async (around) => {
      await appendFile(await someFile(around), '\n// edited while debugging\n');
      return [around.place.unpacked];
    },
  },
  {
    name: 'a missing file in the unpacked module',
    finds: 'cache-corrupt',
    apply: async (around) => {
      await unlink(await someFile(around));
      return [around.place.unpacked];
    },
  },
  {
    name: 'an additional file in the unpacked module',
    finds: 'cache-corrupt',
    apply: async (around) => {
      await writeFile(join(dirname(await someFile(around)), 'zz_added.go'), 'package added\n');
      return [around.place.unpacked];
    },
  },
  {
    name: 'an empty file in the unpacked module',
    finds: 'cache-corrupt',
    apply: async (around) => {
      await truncate(await someFile(around), 0);
      return [around.place.unpacked];
    },
  },
  {
    name: 'a symbolic link in the unpacked module, leading out',
    finds: 'cache-corrupt',
    apply: async (around) => {
      const file = await someFile(around);
      await unlink(file);
      await symlink('/etc/hostname', file);
      return [around.place.unpacked];
    },
  },
  {
    name: 'an emptied unpacked module',
    finds: 'cache-corrupt',
    apply: async ({ cache, place }) => {
      await rename(join(cache, place.unpacked), join(cache, `${place.unpacked}-gone`));
      await mkdir(join(cache, place.unpacked));
      await rm(join(cache, `${place.unpacked}-gone`), { recursive: true });
      return [place.unpacked];
    },
  },
  {
    name: 'a module that was unpacked half',
    finds: 'cache-corrupt',
    apply: async (around) => {
      await unlink(await someFile(around));
      await writeFile(join(around.cache, `${around.place.files}.partial`), '');
      return [around.place.unpacked, `${around.place.files}.partial`];
    },
  },
];

const others: readonly DamageKind[] = [
  {
    name: 'temporary files of a killed download',
    finds: 'cache-corrupt',
    apply: async ({ cache, place }) => {
      const names = ['zip1234567.tmp', 'mod99.tmp'].map((end) => `${place.files}.${end}`);
      for (const name of names) {
        await writeFile(join(cache, name), 'PK');
        await utimes(join(cache, name), LONG_AGO, LONG_AGO);
      }
      return names;
    },
  },
  {
    name: 'a temporary directory of an old go',
    finds: 'cache-corrupt',
    apply: async ({ cache, place }) => {
      const name = `${place.unpacked}.tmp-123456`;
      await mkdir(join(cache, name));
      await writeFile(join(cache, name, 'half.go'), 'package half\n', { mode: 0o444 });
      await chmod(join(cache, name), 0o555);
      await utimes(join(cache, name), LONG_AGO, LONG_AGO);
      return [name];
    },
  },
  {
    name: 'a file that nobody may read',
    finds: 'cache-permission-denied',
    apply: async ({ cache, place }) => {
      await chmod(join(cache, `${place.files}.zip`), 0o000);
      return [];
    },
  },
  {
    name: 'a record of the checksum database with a changed hash',
    finds: 'cache-corrupt',
    apply: async ({ cache, place }) => {
      const name = await lookupOf(cache, place);
      const text = await readFile(join(cache, name), 'latin1');
      await writeFile(
        join(cache, name),
        text.replace(/h1:(.)/, (_, c) => `h1:${c === 'A' ? 'B' : 'A'}`),
        'latin1',
      );
      return [name];
    },
  },
  {
    name: 'a record of the checksum database that is cut off',
    finds: 'cache-corrupt',
    apply: async ({ cache, place }) => {
      const name = await lookupOf(cache, place);
      await truncate(join(cache, name), 40);
      return [name];
    },
  },
  {
    name: 'a lock file that a dead go left',
    finds: 'none',
    apply: async ({ cache, place }) => {
      await writeFile(join(cache, `${place.files}.lock`), '');
      return [];
    },
  },
];

const tiles: readonly DamageKind[] = [
  {
    name: 'a tile of the checksum database with a flipped bit',
    finds: 'cache-corrupt',
    apply: async ({ cache, random }) => {
      const name = await someTile(cache);
      await flip(join(cache, name), random);
      return [name];
    },
  },
  {
    name: 'a tile of the checksum database that is cut off',
    finds: 'cache-corrupt',
    apply: async ({ cache }) => {
      const name = await someTile(cache);
      await truncate(join(cache, name), 31);
      return [name];
    },
  },
];

async function lookupOf(cache: string, { files, unpacked: name }: Place): Promise<string> {
  const [database = ''] = await readdir(join(cache, 'cache/download/sumdb'));
  if (files === '') throw new Error('no place');
  return `cache/download/sumdb/${database}/lookup/${name}`;
}

async function someTile(cache: string): Promise<string> {
  const folder = join(cache, 'cache/download/sumdb');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries
    .filter((entry) => entry.isFile() && entry.parentPath.includes('/tile/'))
    .map((entry) => join(entry.parentPath, entry.name).slice(cache.length + 1))
    .toSorted();
  return found[0] ?? '';
}

/** Each on a module of its own. */
export const moduleDamages: readonly DamageKind[] = [
  ...zips,
  ...hashFiles,
  ...smallFiles,
  ...unpacked,
  ...others,
];

/** Of what all modules share: at most one in a cache. */
export const sharedDamages: readonly DamageKind[] = tiles;

/** At most this many in one cache. */
const TOGETHER = 6;

/** One to six kinds, now and then with a broken tile. */
export function pickDamages(random: (limit: number) => number): readonly DamageKind[] {
  const left = [...moduleDamages];
  const count = 1 + random(TOGETHER);
  const picked = Array.from({ length: count }, () => left.splice(random(left.length), 1)[0]);
  const tile = random(4) === 0 ? [sharedDamages[random(sharedDamages.length)]] : [];
  return [...picked, ...tile].filter((kind) => kind !== undefined);
}
