import { HASH_BYTES, nodeHash, rowHash } from './hashes.ts';

// How a tree of n records is cut into subtrees and tiles (golang.org/design/25530-sumdb). Numbers of
// records pass 2^31, so this is arithmetic and not bit operations.

/** Tiles of the Go checksum database are eight levels high. */
export const TILE_HEIGHT: number = 8;
export const FULL_WIDTH: number = 2 ** TILE_HEIGHT;

/** The root of the complete subtree over records n·2^level … (n+1)·2^level − 1. */
export interface Node {
  readonly level: number;
  readonly n: number;
}

/** A row of `width` hashes of tree level `level`·8, from hash `n`·256 on. */
export interface Tile {
  readonly level: number;
  readonly n: number;
  readonly width: number;
}

export interface Tree {
  readonly size: number;
  readonly root: Buffer;
}

/** The complete subtrees, largest first, that make up a tree. */
export function subtreesOf(size: number): readonly Node[] {
  const subtrees: Node[] = [];
  let start = 0;
  let level = 0;
  while (2 ** (level + 1) <= size) {
    level += 1;
  }
  for (; level >= 0; level -= 1) {
    const span = 2 ** level;
    if (start + span <= size) {
      subtrees.push({ level, n: start / span });
      start += span;
    }
  }
  return subtrees;
}

/** The root that follows from the hashes of `subtreesOf`. */
export function rootOf(hashes: readonly Buffer[]): Buffer | undefined {
  return hashes.reduceRight<Buffer | undefined>(
    (right, left) => (right === undefined ? left : nodeHash(left, right)),
    undefined,
  );
}

/** The tile at these coordinates as a tree of that size has it, if it has it. */
export function tileIn(size: number, level: number, n: number): Tile | undefined {
  const hashes = Math.floor(size / 2 ** (TILE_HEIGHT * level));
  const width = Math.min(FULL_WIDTH, hashes - n * FULL_WIDTH);
  return width > 0 ? { level, n, width } : undefined;
}

/** Where in the tiling a node is: its tile's coordinates and its place in the row. */
export function placeOf(node: Node): {
  readonly level: number;
  readonly n: number;
  readonly first: number;
  readonly count: number;
} {
  const level = Math.floor(node.level / TILE_HEIGHT);
  const count = 2 ** (node.level % TILE_HEIGHT);
  const n = Math.floor((node.n * count) / FULL_WIDTH);
  return { level, n, first: node.n * count - n * FULL_WIDTH, count };
}

/** Hash of a node from the data of its tile. */
export function hashFrom(data: Buffer, node: Node): Buffer {
  const { first, count } = placeOf(node);
  return rowHash(data.subarray(first * HASH_BYTES, (first + count) * HASH_BYTES));
}

/** The node that stands for a whole full tile in the tile above. */
export function nodeAbove(tile: Tile): Node {
  return { level: (tile.level + 1) * TILE_HEIGHT, n: tile.n };
}

export interface TilePlan {
  /** These give the root; they stand at the front of `tiles`. */
  readonly rootTiles: number;
  /** Parents stand before their children. */
  readonly tiles: readonly Tile[];
}

/** The tiles that a client of a tree reads to believe the hashes of these nodes, as Go's reader does. */
export function planTiles(size: number, nodes: readonly Node[]): TilePlan {
  const planned = new Map<string, Tile>();
  for (const node of subtreesOf(size)) {
    addTile(planned, size, placeOf(node));
  }
  const rootTiles = planned.size;
  for (const node of nodes) {
    addWithParents(planned, size, placeOf(node));
  }
  return { rootTiles, tiles: [...planned.values()] };
}

interface Coordinates {
  readonly level: number;
  readonly n: number;
}

export function coordinatesKey({ level, n }: Coordinates): string {
  return `${level}/${n}`;
}

function addTile(planned: Map<string, Tile>, size: number, { level, n }: Coordinates): void {
  const tile = tileIn(size, level, n);
  if (tile !== undefined) {
    planned.set(coordinatesKey(tile), tile);
  }
}

/** The right edge is planned for the root, so going up always ends at a planned tile. */
function addWithParents(planned: Map<string, Tile>, size: number, place: Coordinates): void {
  const chain: Coordinates[] = [];
  let { level, n } = place;
  while (!planned.has(coordinatesKey({ level, n })) && tileIn(size, level, n) !== undefined) {
    chain.push({ level, n });
    level += 1;
    n = Math.floor(n / FULL_WIDTH);
  }
  for (const coordinates of chain.toReversed()) {
    addTile(planned, size, coordinates);
  }
}
