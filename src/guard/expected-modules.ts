import { dirname, isAbsolute, join } from 'node:path';
import { escapePath, escapeVersion } from '../gomod/path/index.ts';
import { compareVersions } from '../gomod/version/index.ts';
import type { Files } from '../platform/index.ts';
import { mainFile } from '../gosettings/index.ts';
import type { GoPlaces, GoSums } from '../gosettings/index.ts';
import type { ExpectedModule } from './engine.ts';

export interface ExpectedModulesNeeds {
  readonly files: Pick<Files, 'status'>;
}

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
  { entries }: Pick<GoSums, 'entries'>,
): Promise<readonly ExpectedModule[]> {
  if (await isVendored(needs, places)) {
    return [];
  }
  const named = new Map<string, ExpectedModule>();
  const highest = new Map<string, string>();
  for (const { path, version } of entries) {
    if (version.endsWith('/go.mod')) {
      const goMod = version.slice(0, -'/go.mod'.length);
      named.set(`${path}@${goMod}`, { path, version: goMod, kind: 'mod' });
    } else if (compareVersions(highest.get(path) ?? '', version) < 0) {
      highest.set(path, version);
    }
  }
  const zips = [...highest].map(([path, version]) => ({ path, version, kind: 'zip' }) as const);
  return missing(needs, places.GOMODCACHE, [...named.values(), ...zips]);
}

/** With it every build reads its modules there, unless told otherwise (https://go.dev/ref/mod#vendoring). */
async function isVendored(needs: ExpectedModulesNeeds, places: GoPlaces): Promise<boolean> {
  const main = mainFile(places);
  if (main === undefined || /(?:^|\s)-mod=vendor(?:\s|$)/u.test(places.GOFLAGS)) {
    return true;
  }
  return (await needs.files.status(join(dirname(main), 'vendor', 'modules.txt'))) !== undefined;
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
