import type { Files } from '../../platform/index.ts';
import type { Storage } from '../storage/index.ts';
import type { GarbageSettings } from './collect-garbage.ts';
import type { LastUses } from './last-uses.ts';
import { listVersions } from './list-versions.ts';
import type { LastScrub, ScrubRecord } from './scrub-record.ts';
import { filesBelow } from './sweep-quarantine.ts';
import type { Tombstone, Tombstones } from './tombstones.ts';

/** What the store holds. */
export interface StoreStats {
  readonly modules: number;
  readonly versions: number;
  readonly artifacts: number;
  /** On the disk, without what lies beside the tree. */
  readonly bytes: number;
  readonly maximumBytes: number | undefined;
  readonly maximumAgeMilliseconds: number | undefined;
  readonly freeBytes: number;
  /** When anything was last asked for, and the version that was asked for longest ago. */
  readonly lastUsedMilliseconds: number | undefined;
  readonly oldestUseMilliseconds: number | undefined;
  /** Damaged artifacts that are kept for whoever wants to look. */
  readonly quarantined: number;
  readonly quarantinedBytes: number;
  readonly blocked: readonly Tombstone[];
  readonly lastScrub: LastScrub | undefined;
}

export async function measureStore(
  needs: {
    readonly files: Files;
    readonly storage: Storage;
    readonly uses: LastUses;
    readonly tombstones: Tombstones;
    readonly record: ScrubRecord;
  },
  settings: GarbageSettings & { readonly store: string; readonly quarantine: string },
): Promise<StoreStats> {
  const modules = new Set<string>();
  let versions = 0;
  let artifacts = 0;
  let bytes = 0;
  let newest: number | undefined;
  let oldest: number | undefined;
  let previous = '';
  for await (const version of listVersions(needs, new AbortController().signal)) {
    if (version.path !== previous) modules.add(version.path);
    previous = version.path;
    versions += 1;
    artifacts += version.files.length;
    bytes += version.bytes;
    newest = Math.max(newest ?? 0, version.usedMilliseconds);
    oldest = Math.min(oldest ?? Infinity, version.usedMilliseconds);
  }
  let quarantined = 0;
  let quarantinedBytes = 0;
  for await (const { size } of filesBelow(needs.files, settings.quarantine)) {
    quarantined += 1;
    quarantinedBytes += size;
  }
  return {
    modules: modules.size,
    versions,
    artifacts,
    bytes,
    maximumBytes: settings.maximumBytes,
    maximumAgeMilliseconds: settings.maximumAgeMilliseconds,
    freeBytes: await needs.files.freeBytes(settings.store),
    lastUsedMilliseconds: newest,
    oldestUseMilliseconds: oldest,
    quarantined,
    quarantinedBytes,
    blocked: needs.tombstones.blocked(),
    lastScrub: await needs.record.read(),
  };
}
