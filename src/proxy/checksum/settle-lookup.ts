import type { BackgroundWrites, FileBytes } from './background-writes.ts';
import { recordHash } from './hashes.ts';
import type { LookupText } from './lookup-text.ts';
import { leafNode, type PinnedTree } from './pinned-tree.ts';
import type { Proof, TileData } from './prove.ts';
import { fill, TEXT, unbelievable, type RelayAnswer } from './relay-answer.ts';
import type { ReportFinding, SecurityFinding } from './security-findings.ts';
import type { TreeHead } from './signed-note.ts';
import type { TileStore } from './tile-store.ts';

/** A record from the database, with the head that came with it: read, but not proven. */
export interface ArrivedLookup {
  readonly resource: string;
  readonly upstream: string;
  readonly bytes: Buffer;
  readonly text: LookupText;
  readonly head: TreeHead;
}

export interface SettleNeeds {
  readonly writes: BackgroundWrites;
  readonly pinned: PinnedTree;
  readonly tiles: TileStore;
  readonly report: ReportFinding;
}

export interface SettleSettings {
  readonly name: string;
  readonly directory: string;
}

interface Refusal {
  readonly finding: SecurityFinding;
  readonly problem: string;
  readonly heads: readonly TreeHead[];
}

/** The tree to answer with, if there is one. */
type Basis =
  | { readonly kind: 'tree'; readonly tree: TreeHead }
  | { readonly kind: 'unproven'; readonly finding?: SecurityFinding | undefined }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

function findingOf(proof: Proof | undefined): SecurityFinding | undefined {
  return proof?.kind === 'unavailable' && proof.fetched.outcome === 'failed'
    ? proof.fetched.finding
    : undefined;
}

/** Proves an arrived record in the pinned tree, stores it, and answers with the pinned head. */
export function createLookupSettling(
  needs: SettleNeeds,
  settings: SettleSettings,
): (arrived: ArrivedLookup) => Promise<RelayAnswer> {
  const { pinned } = needs;
  const { name, directory } = settings;
  let isMarked = false;

  function refuse(arrived: ArrivedLookup, refusal: Refusal): RelayAnswer {
    const { resource, upstream } = arrived;
    needs.report({ database: name, resource, upstream, ...refusal });
    const problem = `${name} cannot be believed: ${refusal.problem}`;
    return unbelievable(upstream, problem, refusal.finding);
  }

  /** Tiles first: what is stored can be proven from what is stored. */
  function store(file: FileBytes, tiles: readonly TileData[]): void {
    const files = tiles.map(({ tile, data }) => needs.tiles.fileOf(tile, data));
    if (!isMarked) {
      // By this file a `file://` client sees that the tree serves the database (P-71).
      files.push({ path: `${directory}/supported`, bytes: Buffer.alloc(0) });
      isMarked = true;
    }
    needs.writes.later(files, file);
  }

  return async (arrived) => {
    const { text, resource, bytes } = arrived;
    const basis = await findBasis(pinned, arrived);
    if (basis.kind === 'refused') {
      return refuse(arrived, basis.refusal);
    }
    const leaf = leafNode(text.id);
    // Whether an older head that came with it belongs to this tree is proven meanwhile.
    const [proof, fork] =
      basis.kind === 'tree'
        ? await Promise.all([
            pinned.proveIn(basis.tree, [leaf]),
            findFork(pinned, basis.tree, arrived.head),
          ])
        : [];
    if (fork !== undefined) {
      return refuse(arrived, fork);
    }
    const finding = basis.kind === 'unproven' ? basis.finding : findingOf(proof);
    if (finding !== undefined) {
      return refuse(arrived, {
        finding,
        problem: 'one of its tiles has not the length that it must have',
        heads: [],
      });
    }
    if (basis.kind === 'unproven' || proof === undefined || proof.kind === 'unavailable') {
      // Passed on as it came, and not kept: go checks it by itself.
      return fill(bytes, TEXT, 'short');
    }
    const { tree } = basis;
    if (proof.kind === 'inconsistent') {
      const problem = 'its tiles do not hash to the tree head pinned here';
      return refuse(arrived, { finding: 'checksum-tiles-inconsistent', problem, heads: [tree] });
    }
    if (!proof.hash(leaf).equals(recordHash(text.text))) {
      const problem = `its tree holds another record ${text.id} than it sent`;
      const heads = [tree, arrived.head];
      return refuse(arrived, { finding: 'checksum-record-not-in-tree', problem, heads });
    }
    const whole = Buffer.concat([text.record, tree.note]);
    store({ path: `${directory}/${resource}`, bytes: whole }, proof.fresh);
    return { ...fill(whole, TEXT, 'short'), provenRecord: text.text };
  };
}

/** An older head is no harm, unless it is one of another tree: then two histories were signed. */
async function findFork(
  pinned: PinnedTree,
  tree: TreeHead,
  head: TreeHead,
): Promise<Refusal | undefined> {
  if (head.size >= tree.size || (await pinned.mayBegin(tree, head))) {
    return undefined;
  }
  const problem = 'its older tree head is not the beginning of the tree pinned here';
  return { finding: 'checksum-tree-forked', problem, heads: [tree, head] };
}

/** Finds the pinned tree that holds the record, pinning a newer one when it must. */
async function findBasis(pinned: PinnedTree, { head, text }: ArrivedLookup): Promise<Basis> {
  const now = await pinned.current();
  const isCovered = now !== undefined && text.id < now.size;
  if (isCovered && (head.size !== now.size || head.root.equals(now.root))) {
    return { kind: 'tree', tree: now };
  }
  const adoption = await pinned.adopt(head, text.id, { mayFetch: true });
  switch (adoption.kind) {
    case 'pinned':
      return { kind: 'tree', tree: (await pinned.current()) ?? head };
    case 'unproven':
      return adoption;
    case 'forked': {
      const problem = 'its new tree head does not continue the one pinned here';
      const heads = [adoption.pinned, head];
      return { kind: 'refused', refusal: { finding: 'checksum-tree-forked', problem, heads } };
    }
    default: {
      const problem = 'its tiles do not hash to its tree head';
      return {
        kind: 'refused',
        refusal: { finding: 'checksum-tiles-inconsistent', problem, heads: [head] },
      };
    }
  }
}
