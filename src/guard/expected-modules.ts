import { dirname, isAbsolute, join } from 'node:path';
import { parseWorkfile } from '../gomod/modfile/index.ts';
import { escapePath, escapeVersion } from '../gomod/path/index.ts';
import { parseSumfile } from '../gomod/sumfile/index.ts';
import { compareVersions } from '../gomod/version/index.ts';
import type { Files } from '../platform/index.ts';
import type { ExpectedModule } from './engine.ts';

/** Where the child's `go` looks, as `go env` says it. */
export interface GoPlaces {
  /** The main module's go.mod; empty, or the null device, outside a module. */
  readonly GOMOD: string;
  /** The go.work file; empty or `off` without a workspace. */
  readonly GOWORK: string;
  readonly GOMODCACHE: string;
  readonly GOFLAGS: string;
}

export interface ExpectedModulesNeeds {
  readonly files: Pick<Files, 'readWhole' | 'status'>;
}

/** The largest go.sum in use has a megabyte or two. */
const MAXIMUM_BYTES = 16 * 1024 * 1024;
/** Beyond this a workspace is not one that a person wrote. */
const MAXIMUM_MEMBERS = 500;
/** So many looks into the module cache at a time: they share few threads with the engine. */
const LOOKS = 16;

/**
 * What the command will ask if it needs its dependencies: go.sum names each go.mod that the module graph
 * reads and each module that a build may read (https://go.dev/ref/mod#go-sum-files), the highest version
 * of a path for sure. What the module cache has is not asked, and with `vendor` nothing is.
 */
export async function readExpectedModules(
  needs: ExpectedModulesNeeds,
  places: GoPlaces,
): Promise<readonly ExpectedModule[]> {
  const files = await sumFiles(needs, places);
  const named = new Map<string, ExpectedModule>();
  const highest = new Map<string, string>();
  for (const file of files) {
    const bytes = await needs.files.readWhole(file, MAXIMUM_BYTES);
    for (const { path, version } of parseSumfile(file, bytes?.toString('utf8') ?? '').entries) {
      if (version.endsWith('/go.mod')) {
        const goMod = version.slice(0, -'/go.mod'.length);
        named.set(`${path}@${goMod}`, { path, version: goMod, kind: 'mod' });
      } else if (compareVersions(highest.get(path) ?? '', version) < 0) {
        highest.set(path, version);
      }
    }
  }
  const zips = [...highest].map(([path, version]) => ({ path, version, kind: 'zip' }) as const);
  return missing(needs, places.GOMODCACHE, [...named.values(), ...zips]);
}

async function sumFiles(needs: ExpectedModulesNeeds, places: GoPlaces): Promise<readonly string[]> {
  const { GOMOD, GOWORK, GOFLAGS } = places;
  if (/(?:^|\s)-mod=vendor(?:\s|$)/u.test(GOFLAGS)) {
    return [];
  }
  const main = isAbsolute(GOWORK) ? GOWORK : GOMOD;
  if (!isAbsolute(main) || !/\.(?:mod|work)$/u.test(main) || (await hasVendor(needs, main))) {
    return [];
  }
  return main === GOWORK
    ? [`${main}.sum`, ...(await memberSums(needs, main))]
    : [`${main.slice(0, -'.mod'.length)}.sum`];
}

/** With it every build reads its modules there, unless told otherwise (https://go.dev/ref/mod#vendoring). */
async function hasVendor(needs: ExpectedModulesNeeds, main: string): Promise<boolean> {
  return (await needs.files.status(join(dirname(main), 'vendor', 'modules.txt'))) !== undefined;
}

async function memberSums(needs: ExpectedModulesNeeds, work: string): Promise<readonly string[]> {
  const bytes = await needs.files.readWhole(work, MAXIMUM_BYTES);
  const parsed = parseWorkfile(work, bytes?.toString('utf8') ?? '');
  const members = parsed.ok ? parsed.value.use.slice(0, MAXIMUM_MEMBERS) : [];
  return members.map(({ path }) =>
    join(isAbsolute(path) ? path : join(dirname(work), path), 'go.sum'),
  );
}

/** Without what `go` has in its module cache. */
async function missing(
  needs: ExpectedModulesNeeds,
  moduleCache: string,
  modules: readonly ExpectedModule[],
): Promise<readonly ExpectedModule[]> {
  const downloads = join(moduleCache, 'cache', 'download');
  if (!isAbsolute(moduleCache) || (await needs.files.status(downloads)) === undefined) {
    return modules;
  }
  const absent: ExpectedModule[] = [];
  for (let start = 0; start < modules.length; start += LOOKS) {
    const some = modules.slice(start, start + LOOKS);
    const found = await Promise.all(some.map(async (module) => isThere(needs, downloads, module)));
    absent.push(...some.filter((_, index) => found[index] !== true));
  }
  return absent;
}

async function isThere(
  needs: ExpectedModulesNeeds,
  downloads: string,
  { path, version, kind }: ExpectedModule,
): Promise<boolean> {
  const escapedPath = escapePath(path);
  const escapedVersion = escapeVersion(version);
  if (!escapedPath.ok || !escapedVersion.ok) {
    return true;
  }
  const file = join(downloads, escapedPath.value, '@v', `${escapedVersion.value}.${kind}`);
  return (await needs.files.status(file)) !== undefined;
}
