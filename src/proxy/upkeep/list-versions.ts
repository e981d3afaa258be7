import { unescapePath, unescapeVersion } from '../../gomod/path/index.ts';
import type { Storage, StoredVersion } from '../storage/index.ts';
import type { LastUses } from './last-uses.ts';

/** One stored version, as eviction sees it. */
export interface ListedVersion {
  readonly unit: string;
  readonly path: string;
  readonly version: string;
  readonly files: StoredVersion['files'];
  /** On the disk, with the sums beside it. */
  readonly bytes: number;
  readonly usedMilliseconds: number;
}

/** Most file systems give whole blocks of this size. */
const DISK_BLOCK_BYTES = 4096;

/** All stored versions, one module at a time: memory stays as it is however large the store. */
export async function* listVersions(
  needs: { readonly storage: Storage; readonly uses: LastUses },
  signal: AbortSignal,
): AsyncGenerator<ListedVersion> {
  for await (const escapedPath of needs.storage.modules()) {
    if (signal.aborted) return;
    yield* await versionsOfModule(needs, escapedPath);
  }
}

export async function versionsOfModule(
  needs: { readonly storage: Storage; readonly uses: LastUses },
  escapedPath: string,
): Promise<readonly ListedVersion[]> {
  const path = unescapePath(escapedPath);
  if (!path.ok) return [];
  const stored = await needs.storage.versions(escapedPath);
  const uses = await needs.uses.of(escapedPath);
  return stored.flatMap(({ unit, files: unordered }) => {
    const version = unescapeVersion(unit.slice(unit.lastIndexOf('/') + 1));
    if (!version.ok) return [];
    const files = unordered.toSorted((one, other) => (one.key < other.key ? -1 : 1));
    const sizes = files.map(({ size }) => Math.ceil(size / DISK_BLOCK_BYTES) * DISK_BLOCK_BYTES);
    const times = files.map(({ modifiedMilliseconds }) => modifiedMilliseconds);
    return [
      {
        unit,
        path: path.value,
        version: version.value,
        files,
        bytes: sizes.reduce((sum, size) => sum + size, DISK_BLOCK_BYTES),
        usedMilliseconds: Math.trunc(Math.max(uses.get(unit) ?? 0, ...times)),
      },
    ];
  });
}
