import type { Files } from '../../platform/index.ts';
import type { BackgroundWrites, FileBytes } from './background-writes.ts';
import { HASH_BYTES } from './hashes.ts';
import { formatTilePath } from './tile-path.ts';
import { FULL_WIDTH, TILE_HEIGHT, tileIn, type Tile } from './tree-shape.ts';

/** Two megabytes: what the proofs of one build's records have in common, many times over. */
const HOT_TILES = 256;

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
  /** The oldest first. Every use proves what it takes from here, as it does with what is on the disk. */
  const hot = new Map<string, Buffer>();

  function keep(path: string, data: Buffer): void {
    hot.delete(path);
    hot.set(path, data);
    for (const oldest of hot.keys()) {
      if (hot.size <= HOT_TILES) break;
      hot.delete(oldest);
    }
  }

  async function readExact(tile: Tile): Promise<Buffer | undefined> {
    const path = `${directory}/${pathOf(tile)}`;
    const length = tile.width * HASH_BYTES;
    const waiting = needs.writes.find(path);
    const data = waiting ?? (await needs.files.readWhole(path, FULL_WIDTH * HASH_BYTES));
    // Another length can only be damage; the tile is then fetched and proven again.
    if (data?.length !== length) {
      return undefined;
    }
    keep(path, data);
    return data;
  }

  function atHand(tile: Tile): Buffer | undefined {
    const path = `${directory}/${pathOf(tile)}`;
    const data = hot.get(path);
    if (data !== undefined) keep(path, data);
    return data;
  }

  return {
    read: async (tile, size) => {
      const pinned = tileIn(size, tile.level, tile.n)?.width ?? 0;
      const widths = [...new Set([tile.width, pinned, FULL_WIDTH])].filter(
        (width) => width >= tile.width,
      );
      for (const find of [atHand, readExact]) {
        for (const width of widths) {
          const data = await find({ ...tile, width });
          if (data !== undefined) {
            const exact = width === tile.width;
            return { data: exact ? data : data.subarray(0, tile.width * HASH_BYTES), exact };
          }
        }
      }
      return undefined;
    },
    fileOf(tile, data) {
      const path = `${directory}/${pathOf(tile)}`;
      keep(path, data);
      return { path, bytes: data };
    },
  };
}

function pathOf(tile: Tile): string {
  return formatTilePath({ height: TILE_HEIGHT, ...tile });
}
