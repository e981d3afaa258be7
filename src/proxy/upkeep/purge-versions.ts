import { checkModulePath, checkModuleVersion, escapePath } from '../../gomod/path/index.ts';
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
}

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
    throw new ProgramError({
      code: 'module-version-malformed',
      kind: 'bad-input',
      message: `${JSON.stringify(version)} is no version of ${path}`,
      hint: 'write the full version as it stands in go.mod, such as v1.2.3',
    });
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
  };
}

function nameOf({ path, version }: PurgeWish): string {
  return version === undefined ? path : `${path}@${version}`;
}
