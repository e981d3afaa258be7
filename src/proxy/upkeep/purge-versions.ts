import {
  checkModulePath,
  checkModuleVersion,
  escapePath,
  splitPathMajor,
} from '../../gomod/path/index.ts';
import { compareVersions, isValidVersion } from '../../gomod/version/index.ts';
import { ProgramError } from '../../platform/index.ts';
import type { Storage } from '../storage/index.ts';
import type { NamedVersion } from './collect-garbage.ts';
import type { LastUses } from './last-uses.ts';
import { versionsOfModule } from './list-versions.ts';
import type { Tombstone, Tombstones } from './tombstones.ts';

export interface PurgeWish {
  readonly path: string;
  /** Undefined: every version. */
  readonly version?: string | undefined;
  readonly reason: string;
  /** `forget`: the next who asks fetches it anew. `block`: refused from now on. `lift`: no more refused. */
  readonly mode: 'forget' | 'block' | 'lift';
  readonly dryRun: boolean;
}

export interface PurgeReport {
  readonly dryRun: boolean;
  readonly mode: PurgeWish['mode'];
  /** What was stored and left the tree. */
  readonly removed: readonly NamedVersion[];
  readonly removedBytes: number;
  /** When nothing was: the highest versions of the module that are stored. */
  readonly others?: readonly string[] | undefined;
}

/** Enough to notice a slip of the keyboard. */
const MAXIMUM_OTHERS = 10;

/** Takes versions out of the store on purpose. The journal gets the reason before a file goes. */
export async function purgeVersions(
  needs: {
    readonly storage: Storage;
    readonly uses: LastUses;
    readonly tombstones: Tombstones;
    /** Drops what else is known of it: hashes that were first seen, bytes that wait to be verified. */
    readonly forget: (path: string, version: string | undefined) => Promise<void>;
    readonly removed: (unit: string, why: 'purged', bytes: number) => void;
  },
  wish: PurgeWish,
): Promise<PurgeReport> {
  const { path, version, reason, mode, dryRun } = wish;
  const isSame = (stone: Tombstone): boolean => stone.path === path && stone.version === version;
  const escaped = escapePath(path);
  const problem = escaped.ok ? checkModulePath(path) : 'cannot be escaped';
  if (!escaped.ok || problem !== undefined) {
    throw new ProgramError({
      code: 'module-path-malformed',
      kind: 'bad-input',
      message: `${JSON.stringify(path)} is no module path`,
      hint: 'write it as it stands in go.mod, with its version behind an @',
    });
  }
  if (version !== undefined && checkModuleVersion(path, version) !== undefined) {
    throw noVersion(path, version);
  }
  if (mode === 'lift' && !needs.tombstones.blocked().some(isSame)) {
    throw new ProgramError({
      code: 'not-blocked',
      kind: 'not-found',
      message: `${nameOf(wish)} is not blocked`,
      hint: 'cofferdam store stats lists what is; a block of a whole module is lifted as a whole',
    });
  }
  const stored = mode === 'lift' ? [] : await versionsOfModule(needs, escaped.value);
  const meant = stored.filter((one) => version === undefined || one.version === version);
  if (!dryRun) {
    await needs.tombstones.add({ path, version, reason, blocked: mode === 'block' });
    for (const { unit, bytes } of meant) {
      await needs.storage.remove(unit);
      needs.uses.forget(unit);
      needs.removed(unit, 'purged', bytes);
    }
    if (mode !== 'lift') await needs.forget(path, version);
  }
  return {
    dryRun,
    mode,
    removed: meant.map((one) => ({ path: one.path, version: one.version })),
    removedBytes: meant.reduce((sum, { bytes }) => sum + bytes, 0),
    ...(meant.length === 0 && stored.length > 0 ? { others: highestOf(stored) } : {}),
  };
}

function highestOf(stored: readonly NamedVersion[]): readonly string[] {
  return stored
    .map(({ version }) => version)
    .sort((one, other) => compareVersions(other, one))
    .slice(0, MAXIMUM_OTHERS);
}

/** https://go.dev/ref/mod#major-version-suffixes */
function noVersion(path: string, version: string): ProgramError {
  const [major = ''] = /^v\d+/u.exec(version) ?? [];
  const { prefix = path, pathMajor = '' } = splitPathMajor(path) ?? {};
  const isOther = isValidVersion(version) && !path.startsWith('gopkg.in/');
  const right = ['v0', 'v1'].includes(major) ? prefix : `${prefix}/${major}`;
  const named = pathMajor === '' ? 'names no major version' : `ends in ${pathMajor}`;
  return new ProgramError({
    code: 'module-version-malformed',
    kind: 'bad-input',
    message: `${JSON.stringify(version)} is no version of ${path}${isOther ? `, which ${named}` : ''}`,
    hint: isOther
      ? `the module of this version is called ${right}; one without go.mod has ${version}+incompatible`
      : 'write the full version as it stands in go.mod, such as v1.2.3',
  });
}

function nameOf({ path, version }: PurgeWish): string {
  return version === undefined ? path : `${path}@${version}`;
}
