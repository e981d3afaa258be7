import { HASH_BYTES, rowHash } from './hashes.ts';
import type { FetchedResource } from './relay-answer.ts';
import type { StoredTile } from './tile-store.ts';
import {
  coordinatesKey,
  FULL_WIDTH,
  hashFrom,
  nodeAbove,
  placeOf,
  planTiles,
  rootOf,
  subtreesOf,
  type Node,
  type Tile,
  type TilePlan,
  type Tree,
} from './tree-shape.ts';

/** Where a proof takes its tiles from. */
export interface TileAccess {
  stored(tile: Tile): Promise<StoredTile | undefined>;
  /** `again` means that what came before did not fit. */
  fetch(tile: Tile, options: { readonly again: boolean }): Promise<FetchedResource>;
}

export type Proof =
  | {
      readonly kind: 'proven';
      /** Of one of the nodes asked for. */
      hash(node: Node): Buffer;
      /** Proven tiles without a file of their own yet. */
      readonly fresh: readonly TileData[];
    }
  /** A tile cannot be had, so nothing is known. */
  | {
      readonly kind: 'unavailable';
      readonly fetched: Exclude<FetchedResource, { readonly outcome: 'found' }>;
    }
  /** The tiles do not give the root of the tree. */
  | { readonly kind: 'inconsistent' };

export interface TileData {
  readonly tile: Tile;
  readonly data: Buffer;
}

interface Loaded extends TileData {
  readonly origin: 'exact' | 'cut' | 'fetched';
}

interface ProveOptions {
  /** Stored tiles were proven before they were stored; a new head proves them again. */
  readonly trustStored: boolean;
}

/** Fetches what is missing to prove nodes of a tree and compares all of it with the root. */
export async function prove(
  tree: Tree,
  nodes: readonly Node[],
  access: TileAccess,
  options: ProveOptions,
): Promise<Proof> {
  const plan = planTiles(tree.size, nodes);
  const first = await load(plan.tiles, access, { again: false });
  if ('unavailable' in first) {
    return { kind: 'unavailable', fetched: first.unavailable };
  }
  if (isAuthentic(tree, plan, first.loaded, options.trustStored)) {
    return proven(first.loaded, (tile) => tile.origin !== 'exact');
  }
  // A tile may be damaged, here or on its way: once more with newly fetched ones, which replace it.
  const second = await load(plan.tiles, access, { again: true });
  if ('unavailable' in second) {
    return { kind: 'unavailable', fetched: second.unavailable };
  }
  return isAuthentic(tree, plan, second.loaded, false)
    ? proven(second.loaded, () => true)
    : { kind: 'inconsistent' };
}

function proven(loaded: readonly Loaded[], isFresh: (tile: Loaded) => boolean): Proof {
  const byPlace = new Map(loaded.map((entry) => [coordinatesKey(entry.tile), entry.data]));
  return {
    kind: 'proven',
    hash: (node) => hashFrom(byPlace.get(coordinatesKey(placeOf(node))) ?? Buffer.alloc(0), node),
    fresh: loaded.filter(isFresh),
  };
}

async function load(
  tiles: readonly Tile[],
  access: TileAccess,
  options: { readonly again: boolean },
): Promise<
  | { readonly loaded: readonly Loaded[] }
  | { readonly unavailable: Exclude<FetchedResource, { readonly outcome: 'found' }> }
> {
  const results = await Promise.all(tiles.map((tile) => loadOne(tile, access, options)));
  const loaded: Loaded[] = [];
  for (const result of results) {
    if ('outcome' in result) {
      return { unavailable: result };
    }
    loaded.push(result);
  }
  return { loaded };
}

async function loadOne(
  tile: Tile,
  access: TileAccess,
  options: { readonly again: boolean },
): Promise<Loaded | Exclude<FetchedResource, { readonly outcome: 'found' }>> {
  const stored = options.again ? undefined : await access.stored(tile);
  if (stored !== undefined) {
    return { tile, data: stored.data, origin: stored.exact ? 'exact' : 'cut' };
  }
  const fetched = await access.fetch(tile, options);
  return fetched.outcome === 'found' ? { tile, data: fetched.bytes, origin: 'fetched' } : fetched;
}

function isAuthentic(
  tree: Tree,
  plan: TilePlan,
  loaded: readonly Loaded[],
  trustStored: boolean,
): boolean {
  const byPlace = new Map(loaded.map((entry) => [coordinatesKey(entry.tile), entry.data]));
  function hashOf(node: Node): Buffer | undefined {
    const data = byPlace.get(coordinatesKey(placeOf(node)));
    return data === undefined ? undefined : hashFrom(data, node);
  }
  function isTrusted(entry: Loaded): boolean {
    return trustStored && entry.origin !== 'fetched';
  }
  if (!loaded.slice(0, plan.rootTiles).every(isTrusted)) {
    const hashes = subtreesOf(tree.size).map(hashOf);
    const root = rootOf(hashes.filter((hash) => hash !== undefined));
    if (root === undefined || !root.equals(tree.root)) {
      return false;
    }
  }
  // The tiles behind the root tiles are full, and each one's hash stands in the tile above.
  return loaded.slice(plan.rootTiles).every((entry) => {
    if (isTrusted(entry)) {
      return true;
    }
    const isFull = entry.data.length === FULL_WIDTH * HASH_BYTES;
    return isFull && hashOf(nodeAbove(entry.tile))?.equals(rowHash(entry.data)) === true;
  });
}
