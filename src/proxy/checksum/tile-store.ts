import type { Files } from '../../platform/index.ts';
import type { BackgroundWrites, FileBytes } from './background-writes.ts';
import { HASH_BYTES } from './hashes.ts';
import { formatTilePath } from './tile-path.ts';
import { FULL_WIDTH, TILE_HEIGHT, tileIn, type Tile } from './tree-shape.ts';

export interface StoredTile {
  readonly data: Buffer;
  /** False when it was cut from a wider one, so that no file of this width exists yet. */
  readonly exact: boolean;
}

/** Proven tiles on disk, each under the path by which clients ask for it. */
export interface TileStore {
  /** `size` is that of the pinned tree: the widest tile that may be stored at the edge. */
  read(tile: Tile, size: number): Promise<StoredTile | undefined>;
  /** The file that keeps a tile. */
  fileOf(tile: Tile, data: Buffer): FileBytes;
}

export function createTileStore(
  needs: { readonly files: Files; readonly writes: BackgroundWrites },
  directory: string,
): TileStore {
  async function readExact(tile: Tile): Promise<Buffer | undefined> {
    const path = `${directory}/${pathOf(tile)}`;
    const length = tile.width * HASH_BYTES;
    const waiting = needs.writes.find(path);
    const data = waiting ?? (await needs.files.readWhole(path, FULL_WIDTH * HASH_BYTES));
    // Another length can only be damage; the tile is then fetched and proven again.
    return data?.length === length ? data : undefined;
  }

  return {
    read: async (tile, size) => {
      const own = await readExact(tile);
      if (own !== undefined) {
        return { data: own, exact: true };
      }
      const pinned = tileIn(size, tile.level, tile.n)?.width ?? 0;
      for (const width of new Set([pinned, FULL_WIDTH])) {
        const wider = width > tile.width ? await readExact({ ...tile, width }) : undefined;
        if (wider !== undefined) {
          return { data: wider.subarray(0, tile.width * HASH_BYTES), exact: false };
        }
      }
      return undefined;
    },
    fileOf: (tile, data) => ({ path: `${directory}/${pathOf(tile)}`, bytes: data }),
  };
}

function pathOf(tile: Tile): string {
  return formatTilePath({ height: TILE_HEIGHT, ...tile });
}
