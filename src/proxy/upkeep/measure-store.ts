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
  readonly maximumBytes?: number | undefined;
  readonly maximumAgeSeconds?: number | undefined;
  readonly freeBytes: number;
  /** When anything was last asked for, and the version that was asked for longest ago; RFC 3339. */
  readonly lastUsed?: string | undefined;
  readonly oldestUse?: string | undefined;
  /** Damaged artifacts that are kept for whoever wants to look. */
  readonly quarantined: number;
  readonly quarantinedBytes: number;
  readonly blocked: readonly Tombstone[];
  readonly lastScrub?: LastScrub | undefined;
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
  for await (const version of listVersions(needs, new AbortController().signal)) {
    modules.add(version.path);
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
  const { maximumBytes, maximumAgeMilliseconds: age } = settings;
  return {
    modules: modules.size,
    versions,
    artifacts,
    bytes,
    maximumBytes,
    maximumAgeSeconds: age === undefined ? undefined : age / 1000,
    freeBytes: await needs.files.freeBytes(settings.store),
    lastUsed: toTime(newest),
    oldestUse: toTime(oldest),
    quarantined,
    quarantinedBytes,
    blocked: needs.tombstones.blocked(),
    lastScrub: await needs.record.read(),
  };
}

function toTime(milliseconds: number | undefined): string | undefined {
  return milliseconds === undefined
    ? undefined
    : Temporal.Instant.fromEpochMilliseconds(milliseconds).toString();
}
