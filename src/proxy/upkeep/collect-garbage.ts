import { matchesPatterns } from '../../gomod/path/index.ts';
import type { Clock } from '../../platform/index.ts';
import type { Storage } from '../storage/index.ts';
import type { LastUses } from './last-uses.ts';
import { listVersions } from './list-versions.ts';
import type { ListedVersion } from './list-versions.ts';
import type { UpkeepLimits } from './upkeep-limits.ts';
import type { UpkeepProgress } from './verify-store.ts';

export interface GarbageSettings {
  /** Undefined is no limit. */
  readonly maximumBytes: number | undefined;
  readonly maximumAgeMilliseconds: number | undefined;
  /** Go's glob list of modules that stay whatever happens. */
  readonly pinnedPatterns: string;
}

export interface GarbageReport {
  readonly dryRun: boolean;
  readonly versions: number;
  readonly bytes: number;
  readonly evictedVersions: number;
  readonly evictedBytes: number;
  /** What is pinned, or was used at this time, does not fit into the budget. */
  readonly isOverBudget: boolean;
  /** The first ones, least recently used or not. */
  readonly evicted: readonly NamedVersion[];
}

/** As a module version stands in JSON (interface.md section 2). */
export interface NamedVersion {
  readonly path: string;
  readonly version: string;
}

export interface GarbageOptions {
  readonly dryRun: boolean;
  readonly progress?: ((progress: UpkeepProgress) => void) | undefined;
  /** What was used within this time leaves by age only. */
  readonly recentMilliseconds: number;
  readonly signal: AbortSignal;
}

export interface GarbageNeeds {
  readonly clock: Clock;
  readonly storage: Storage;
  readonly uses: LastUses;
  /** Somebody is being sent a file of it at this moment. */
  readonly isRead: (unit: string) => boolean;
  /** Told of each version that is gone. */
  readonly evicted: (version: ListedVersion) => void;
}

/** Last uses are gathered by seconds: two numbers for each, whatever was stored in it. */
const GRAIN_MILLISECONDS = 1000;
/** A report is read by people. */
const MAXIMUM_NAMED = 1000;

/** Evicts what nobody asked for longest, in whole versions, first by age and then by size. */
export async function collectGarbage(
  needs: GarbageNeeds,
  settings: GarbageSettings,
  limits: UpkeepLimits,
  options: GarbageOptions,
): Promise<GarbageReport> {
  const now = needs.clock.epochMilliseconds();
  const { pinnedPatterns, maximumAgeMilliseconds } = settings;
  const isPinned = (version: ListedVersion): boolean =>
    needs.isRead(version.unit) || matchesPatterns(pinnedPatterns, version.path);
  const isRecent = (version: ListedVersion): boolean =>
    version.usedMilliseconds >= now - options.recentMilliseconds;
  const ageLimit = maximumAgeMilliseconds === undefined ? -Infinity : now - maximumAgeMilliseconds;

  const seconds = new Map<number, number>();
  let bytes = 0;
  let versions = 0;
  for await (const version of listVersions(needs, options.signal)) {
    versions += 1;
    bytes += version.bytes;
    options.progress?.({ versions, bytes });
    if (!isPinned(version) && !isRecent(version)) {
      const second = Math.floor(version.usedMilliseconds / GRAIN_MILLISECONDS);
      seconds.set(second, (seconds.get(second) ?? 0) + version.bytes);
    }
  }
  const plan = planBySize(seconds, bytes, settings.maximumBytes, limits);

  const evicted: NamedVersion[] = [];
  let evictedVersions = 0;
  let evictedBytes = 0;
  for await (const version of listVersions(needs, options.signal)) {
    const isOld = version.usedMilliseconds < ageLimit;
    const isSurplus =
      !isRecent(version) && version.usedMilliseconds < plan.before && evictedBytes < plan.wanted;
    if ((isOld || isSurplus) && !isPinned(version)) {
      if (!options.dryRun) {
        await needs.storage.remove(version.unit);
        needs.uses.forget(version.unit);
        needs.evicted(version);
      }
      evictedVersions += 1;
      evictedBytes += version.bytes;
      if (evicted.length < MAXIMUM_NAMED) {
        evicted.push({ path: version.path, version: version.version });
      }
    }
  }
  const isOverBudget = bytes - evictedBytes > (settings.maximumBytes ?? Infinity);
  const { dryRun } = options;
  return { dryRun, versions, bytes, evictedVersions, evictedBytes, isOverBudget, evicted };
}

/** How much has to go, and what was used before that moment makes it up. */
function planBySize(
  seconds: ReadonlyMap<number, number>,
  bytes: number,
  maximumBytes: number | undefined,
  limits: UpkeepLimits,
): { readonly wanted: number; readonly before: number } {
  if (maximumBytes === undefined || bytes <= maximumBytes) {
    return { wanted: 0, before: -Infinity };
  }
  const wanted = bytes - maximumBytes * limits.lowWater;
  let sum = 0;
  for (const [second, size] of [...seconds].toSorted(([one], [other]) => one - other)) {
    sum += size;
    if (sum >= wanted) {
      return { wanted, before: (second + 1) * GRAIN_MILLISECONDS };
    }
  }
  return { wanted, before: Infinity };
}
