import type { Logger } from '../../platform/index.ts';
import type { BackgroundWrites } from './background-writes.ts';
import type { HeadStore } from './head-store.ts';
import { prove, type Proof, type TileAccess, type TileData } from './prove.ts';
import type { TreeHead } from './signed-note.ts';
import type { SecurityFinding } from './security-findings.ts';
import { createOneAtATime } from './single-flight.ts';
import type { FetchTile } from './tile-fetch.ts';
import type { TileStore } from './tile-store.ts';
import { rootOf, subtreesOf, type Node } from './tree-shape.ts';

/** Why a head was not pinned. `forked` and `inconsistent` are what a lying database looks like. */
export type Adoption =
  | { readonly kind: 'pinned' }
  /** A tile cannot be had or the disk is full: nothing is known, nothing changed. */
  | { readonly kind: 'unproven'; readonly finding?: SecurityFinding | undefined }
  | { readonly kind: 'inconsistent' }
  | { readonly kind: 'forked'; readonly pinned: TreeHead };

/**
 * The one tree head that answers everything. What is always true of it: each stored record, and
 * each head that was pinned before, can be proven in this tree from stored tiles alone. Moving from
 * a tree of n records to a larger one changes only the tiles at the old right edge, and those lie
 * on the path of record n−1 or make up the old root: proving these two proves everything stored.
 */
export interface PinnedTree {
  current(): Promise<TreeHead | undefined>;
  /** Pins this head unless the pinned tree is as large; `leaf` is proven on the way. */
  adopt(head: TreeHead, leaf: number | undefined, options: AdoptOptions): Promise<Adoption>;
  proveIn(head: TreeHead, nodes: readonly Node[], options?: AdoptOptions): Promise<Proof>;
  /** False when `tree` certainly does not begin with this smaller one; for want of tiles nobody knows. */
  mayBegin(tree: TreeHead, smaller: TreeHead): Promise<boolean>;
  /** Grows by one whenever the pinned head changes. */
  version(): number;
}

/** Answers that caches keep carry old heads, and those of one day carry few. */
const KNOWN_BEGINNINGS = 256;

interface AdoptOptions {
  /** Otherwise the tiles must be stored already. */
  readonly mayFetch: boolean;
}

export interface PinnedTreeNeeds {
  /** The database's, for the log. */
  readonly name: string;
  readonly logger: Logger;
  /** The head holds all the same, until the program ends. */
  readonly notKept: (error: unknown) => void;
  readonly writes: BackgroundWrites;
  readonly heads: HeadStore;
  readonly tiles: TileStore;
  readonly fetchTile: FetchTile;
}

export function createPinnedTree(needs: PinnedTreeNeeds): PinnedTree {
  let pinned: TreeHead | undefined;
  let loading: Promise<void> | undefined;
  let version = 0;
  const inTurn = createOneAtATime();
  const beginnings = new Set<string>();

  /** A smaller head on disk is what a race between two programs left; ours covers it. */
  async function reload(): Promise<void> {
    const stored = await needs.heads.read();
    if (stored !== undefined && stored.size > (pinned?.size ?? 0)) {
      pin(stored);
    }
  }

  function pin(head: TreeHead): void {
    pinned = head;
    version += 1;
  }

  async function current(): Promise<TreeHead | undefined> {
    loading ??= reload();
    try {
      await loading;
    } catch (error) {
      loading = undefined;
      throw error;
    }
    return pinned;
  }

  async function adopt(
    head: TreeHead,
    leaf: number | undefined,
    options: AdoptOptions,
  ): Promise<Adoption> {
    // Another program on this store may have pinned one meanwhile.
    await reload();
    const adoption = await proveHead(needs, pinned, head, leaf, options);
    if ('fresh' in adoption) {
      // Proven is proven: on a disk that takes nothing it holds for as long as this program runs.
      await keep(needs, head, adoption.fresh);
      pin(head);
      needs.logger.debug('a newer checksum database head is pinned', {
        name: needs.name,
        size: head.size,
      });
      return { kind: 'pinned' };
    }
    return adoption;
  }

  function proveIn(
    head: TreeHead,
    nodes: readonly Node[],
    options: AdoptOptions = { mayFetch: true },
  ): Promise<Proof> {
    return prove(head, nodes, accessFor(needs, head.size, options), { trustStored: true });
  }

  /** What begins one pinned tree begins each later one, so each is proven once. */
  async function mayBegin(tree: TreeHead, smaller: TreeHead): Promise<boolean> {
    const key = `${smaller.size} ${smaller.root.toString('base64')}`;
    if (smaller.size === 0 || beginnings.has(key)) return true;
    const nodes = subtreesOf(smaller.size);
    const proof = await proveIn(tree, nodes);
    if (proof.kind !== 'proven') return true;
    if (rootOf(nodes.map((node) => proof.hash(node)))?.equals(smaller.root) !== true) return false;
    if (beginnings.size >= KNOWN_BEGINNINGS) beginnings.clear();
    beginnings.add(key);
    return true;
  }

  return {
    current,
    adopt: async (head, leaf, options) => {
      await current();
      return await inTurn(() => adopt(head, leaf, options));
    },
    proveIn,
    mayBegin,
    version: () => version,
  };
}

/** Proves that a head continues the pinned one, with all that this one could prove. */
async function proveHead(
  needs: PinnedTreeNeeds,
  pinned: TreeHead | undefined,
  head: TreeHead,
  leaf: number | undefined,
  options: AdoptOptions,
): Promise<Adoption | { readonly fresh: readonly TileData[] }> {
  if (pinned !== undefined && head.size <= pinned.size) {
    return head.size === pinned.size && !head.root.equals(pinned.root)
      ? { kind: 'forked', pinned }
      : { kind: 'pinned' };
  }
  const old = subtreesOf(pinned?.size ?? 0);
  const edge = pinned === undefined ? [] : [leafNode(pinned.size - 1)];
  const nodes = [...old, ...edge, ...(leaf === undefined ? [] : [leafNode(leaf)])];
  const access = accessFor(needs, head.size, options);
  const proof = await prove(head, nodes, access, { trustStored: false });
  if (proof.kind === 'unavailable') {
    const { fetched } = proof;
    return {
      kind: 'unproven',
      finding: fetched.outcome === 'failed' ? fetched.finding : undefined,
    };
  }
  if (proof.kind === 'inconsistent') {
    return { kind: 'inconsistent' };
  }
  if (pinned !== undefined) {
    const root = rootOf(old.map((node) => proof.hash(node)));
    if (root?.equals(pinned.root) !== true) {
      return { kind: 'forked', pinned };
    }
  }
  return { fresh: proof.fresh };
}

/** Tiles before the head: after a crash in between, the old head still holds. */
async function keep(
  { writes, heads, tiles, notKept }: PinnedTreeNeeds,
  head: TreeHead,
  fresh: readonly TileData[],
): Promise<void> {
  try {
    await writes.write(fresh.map(({ tile, data }) => tiles.fileOf(tile, data)));
    await heads.write(head);
  } catch (error) {
    notKept(error);
  }
}

function accessFor(
  { tiles, fetchTile }: PinnedTreeNeeds,
  size: number,
  { mayFetch }: AdoptOptions,
): TileAccess {
  return {
    stored: (tile) => tiles.read(tile, size),
    fetch: mayFetch ? fetchTile : async () => ({ outcome: 'failed', failures: [] }),
  };
}

export function leafNode(n: number): Node {
  return { level: 0, n };
}
