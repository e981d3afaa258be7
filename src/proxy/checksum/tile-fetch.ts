import { failed } from '../upstream/index.ts';
import { HASH_BYTES } from './hashes.ts';
import type { FetchedResource, FetchOwn } from './relay-answer.ts';
import type { SecurityFinding } from './security-findings.ts';
import { formatTilePath } from './tile-path.ts';
import { FULL_WIDTH, TILE_HEIGHT, type Tile } from './tree-shape.ts';

export type FetchTile = (
  tile: Tile,
  options: { readonly again: boolean },
) => Promise<FetchedResource>;

/** Many lookups at once need the same tiles a moment apart, until these are proven and stored. */
const RECENT_TILES = 64;

/** Fetches hash tiles: a partial one that is gone is cut from the full one, as Go's client does. */
export function createTileFetch(database: string, fetchResource: FetchOwn): FetchTile {
  const recent = new Map<string, Promise<FetchedResource>>();

  async function fetchOne(tile: Tile): Promise<FetchedResource> {
    const resource = formatTilePath({ height: TILE_HEIGHT, ...tile });
    const wanted = tile.width * HASH_BYTES;
    let wrong: SecurityFinding | undefined;
    const fetched = await fetchResource(resource, (bytes) => {
      if (bytes === 'too-large') {
        wrong = 'checksum-answer-too-large';
        return problemOf('more than any tile has');
      }
      if (bytes.length === wanted) return undefined;
      wrong = 'checksum-tile-truncated';
      return problemOf(bytes.length);
    });
    function problemOf(length: number | string): string {
      return `${database} answered ${resource} with ${length} bytes instead of ${wanted}`;
    }
    if (fetched.outcome === 'found' && fetched.bytes.length !== wanted) {
      const failure = failed(fetched.upstream, {
        kind: 'invalid',
        reason: 'checksum-answer-wrong',
        message: problemOf(fetched.bytes.length),
      });
      return { outcome: 'failed', failures: [failure], finding: 'checksum-tile-truncated' };
    }
    return fetched.outcome === 'failed' && wrong !== undefined
      ? { ...fetched, finding: wrong }
      : fetched;
  }

  async function fetchTile(tile: Tile): Promise<FetchedResource> {
    const own = await fetchOne(tile);
    if (own.outcome === 'found' || tile.width === FULL_WIDTH) {
      return own;
    }
    const full = await fetchOne({ ...tile, width: FULL_WIDTH });
    return full.outcome === 'found'
      ? { ...full, bytes: full.bytes.subarray(0, tile.width * HASH_BYTES) }
      : own;
  }

  function start(key: string, tile: Tile): Promise<FetchedResource> {
    const fetching = fetchTile(tile);
    recent.set(key, fetching);
    function forget(): void {
      if (recent.get(key) === fetching) {
        recent.delete(key);
      }
    }
    fetching.then(({ outcome }) => (outcome === 'found' ? undefined : forget()), forget);
    for (const oldest of recent.keys()) {
      if (recent.size <= RECENT_TILES) {
        break;
      }
      recent.delete(oldest);
    }
    return fetching;
  }

  return (tile, { again }) => {
    const key = `${tile.level}/${tile.n}/${tile.width}`;
    return (again ? undefined : recent.get(key)) ?? start(key, tile);
  };
}
