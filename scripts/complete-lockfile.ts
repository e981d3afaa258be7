// `npm run lockfile`: writes into package-lock.json what a registry that lacks some platforms leaves out when
// npm makes the file. `npm ci` refuses a lockfile without them, on every machine. They have no hash, since nobody
// here has seen them; all that this machine installs has one.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Entry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly license?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export interface Lockfile {
  readonly packages: Readonly<Record<string, Entry>>;
}

export interface MissingPackage {
  readonly place: string;
  readonly parent: string;
  readonly name: string;
  readonly version: string;
}

/** What packages of the lockfile name and it does not have. */
export function missingPackages({ packages }: Lockfile): readonly MissingPackage[] {
  return Object.entries(packages).flatMap(([parent, entry]) =>
    Object.entries({ ...entry.dependencies, ...entry.optionalDependencies })
      .filter(([name]) => !placesOf(parent, name).some((place) => place in packages))
      .map(([name, version]) => ({ place: `node_modules/${name}`, parent, name, version })),
  );
}

/** Where Node looks for a package, from the one that names it outwards. */
function placesOf(parent: string, name: string): readonly string[] {
  const places = [`${parent === '' ? '' : `${parent}/`}node_modules/${name}`];
  if (parent === '') return places;
  const above = parent.slice(0, Math.max(0, parent.lastIndexOf('node_modules/') - 1));
  return [...places, ...placesOf(above, name)];
}

const SYSTEMS = 'android darwin freebsd linux openharmony win32'.split(' ');
const LIBRARIES: Readonly<Record<string, string>> = { gnu: 'glibc', musl: 'musl' };

/** The name of such a package ends in its platform: `binding-linux-x64-musl`. */
function entryOf(missing: MissingPackage, parent: Entry | undefined): object {
  const words = missing.name.split(/[/-]/);
  const system = words.findIndex((word) => SYSTEMS.includes(word));
  const [os, cpu] = words.slice(system);
  const isWasm = words.includes('wasm32');
  if ((!isWasm && (system < 0 || cpu === undefined)) || !/^\d/.test(missing.version)) {
    throw new Error(`${missing.name}@${missing.version} of ${missing.parent} is for no platform`);
  }
  const library = os === 'linux' ? LIBRARIES[words.at(-1) ?? ''] : undefined;
  return {
    version: missing.version,
    cpu: [isWasm ? 'wasm32' : cpu],
    ...(parent?.dev === true ? { dev: true } : {}),
    ...(library === undefined ? {} : { libc: [library] }),
    ...(parent?.license === undefined ? {} : { license: parent.license }),
    optional: true,
    ...(isWasm ? {} : { os: [os] }),
  };
}

function complete(path: string): void {
  const lockfile = JSON.parse(readFileSync(path, 'utf8')) as Lockfile;
  const missing = missingPackages(lockfile);
  const added = missing.map((one): [string, object] => [
    one.place,
    entryOf(one, lockfile.packages[one.parent]),
  ]);
  const packages = [...Object.entries(lockfile.packages), ...added];
  packages.sort(([one], [other]) => one.localeCompare(other, 'en'));
  const whole = { ...lockfile, packages: Object.fromEntries(packages) };
  writeFileSync(path, `${JSON.stringify(whole, undefined, 2)}\n`);
  process.stdout.write(`added ${missing.length} packages of other platforms\n`);
}

if (import.meta.main) complete(join(dirname(import.meta.dirname), 'package-lock.json'));
