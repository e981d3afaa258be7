import type { PinnedTree } from './pinned-tree.ts';
import {
  BINARY,
  fill,
  hit,
  missing,
  TEXT,
  unbelievable,
  type FetchOwn,
  type RelayAnswer,
} from './relay-answer.ts';
import type { BackgroundWrites } from './background-writes.ts';
import type { ReportFinding } from './security-findings.ts';
import type { TileRequest } from './tile-path.ts';
import type { FetchTile } from './tile-fetch.ts';
import type { TileStore } from './tile-store.ts';
import { TILE_HEIGHT, tileIn, type Tile } from './tree-shape.ts';

export interface TileAnswers {
  /** From disk, perhaps cut from a wider tile; undefined when it is not there. */
  stored(tile: TileRequest): Promise<RelayAnswer | undefined>;
  /** From the database; stored when the pinned tree proves it. */
  fetch(resource: string, tile: TileRequest): Promise<RelayAnswer>;
}

export interface TileAnswersNeeds {
  readonly pinned: PinnedTree;
  readonly tiles: TileStore;
  readonly writes: BackgroundWrites;
  readonly report: ReportFinding;
  readonly fetchTile: FetchTile;
  readonly fetchResource: FetchOwn;
}

export function createTileAnswers(needs: TileAnswersNeeds, name: string): TileAnswers {
  const { pinned, tiles } = needs;

  async function stored(request: TileRequest): Promise<RelayAnswer | undefined> {
    const tile = hashTile(request);
    if (tile === undefined) {
      return undefined;
    }
    const size = (await pinned.current())?.size ?? 0;
    const found = await tiles.read(tile, size);
    return found === undefined ? undefined : hit(found.data, BINARY, 'immutable');
  }

  async function fetch(resource: string, request: TileRequest): Promise<RelayAnswer> {
    const tile = hashTile(request);
    const proven = tile === undefined ? undefined : await fetchProven(resource, tile);
    if (proven !== undefined) {
      return proven;
    }
    // Outside the pinned tree nothing vouches for it: passed on, and not kept.
    const fetched = await (tile === undefined
      ? needs.fetchResource(resource, acceptAny)
      : needs.fetchTile(tile, { again: false }));
    if (fetched.outcome === 'failed' && fetched.finding !== undefined) {
      const problem = 'one of its tiles has not the length that it must have';
      needs.report({ database: name, finding: fetched.finding, resource, problem });
    }
    return fetched.outcome === 'found'
      ? fill(fetched.bytes, request.level === 'data' ? TEXT : BINARY, 'short')
      : missing(fetched);
  }

  async function fetchProven(resource: string, tile: Tile): Promise<RelayAnswer | undefined> {
    const tree = await pinned.current();
    const whole = tree === undefined ? undefined : tileIn(tree.size, tile.level, tile.n);
    if (tree === undefined || whole === undefined || whole.width < tile.width) {
      return undefined;
    }
    const first = { level: tile.level * TILE_HEIGHT, n: tile.n * 2 ** TILE_HEIGHT };
    const proof = await pinned.proveIn(tree, [first]);
    if (proof.kind === 'unavailable') {
      return undefined;
    }
    if (proof.kind === 'inconsistent') {
      const problem = 'its tiles do not hash to the tree head pinned here';
      needs.report({
        database: name,
        finding: 'checksum-tiles-inconsistent',
        resource,
        problem,
        heads: [tree],
      });
      const message = `${name} cannot be believed: ${problem}`;
      return unbelievable(name, message, 'checksum-tiles-inconsistent');
    }
    needs.writes.later(proof.fresh.map((one) => tiles.fileOf(one.tile, one.data)));
    const own = proof.fresh.find((one) => one.tile.level === tile.level && one.tile.n === tile.n);
    return own === undefined
      ? await stored({ height: TILE_HEIGHT, ...tile })
      : fill(own.data.subarray(0, tile.width * 32), BINARY, 'immutable');
  }

  return { stored, fetch };
}

/** Go's client does not read data tiles; whoever does checks them by himself. */
function acceptAny(bytes: Buffer | 'too-large'): string | undefined {
  return bytes === 'too-large' ? 'sent a tile that is too large' : undefined;
}

/** Only hash tiles of the usual height are kept; Go's client asks for nothing else. */
function hashTile({ height, level, n, width }: TileRequest): Tile | undefined {
  return height === TILE_HEIGHT && level !== 'data' ? { level, n, width } : undefined;
}
