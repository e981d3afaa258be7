import type { Files } from '../../platform/index.ts';
import type { BackgroundWrites, FileBytes } from './background-writes.ts';
import { recordHash } from './hashes.ts';
import { isAbout, MAXIMUM_LOOKUP_BYTES, parseLookup, type LookupText } from './lookup-text.ts';
import { leafNode, type PinnedTree } from './pinned-tree.ts';
import type { TileData } from './prove.ts';
import {
  fill,
  hit,
  missing,
  TEXT,
  unbelievable,
  type FetchedResource,
  type RelayAnswer,
} from './relay-answer.ts';
import type { ReportFinding, SecurityFinding } from './security-findings.ts';
import { openTreeHead, type TreeHead, type VerifierKey } from './signed-note.ts';
import type { TileStore } from './tile-store.ts';

export interface Lookup {
  /** `lookup/…` as it was asked, which is also its place on disk. */
  readonly resource: string;
  readonly path: string;
  readonly version: string;
}

export interface LookupAnswers {
  /** From disk; undefined when it is not there. */
  stored(lookup: Lookup): Promise<RelayAnswer | undefined>;
  /** From the database; stored when it can be proven. */
  fetch(lookup: Lookup): Promise<RelayAnswer>;
}

export interface LookupNeeds {
  readonly files: Files;
  readonly writes: BackgroundWrites;
  readonly pinned: PinnedTree;
  readonly tiles: TileStore;
  readonly report: ReportFinding;
  fetchResource(resource: string): Promise<FetchedResource>;
}

export interface LookupSettings {
  readonly name: string;
  readonly key: VerifierKey | undefined;
  readonly directory: string;
}

/** What was believed enough to go on: the tree to answer with, or an answer that ends it. */
type Basis = { readonly tree: TreeHead } | { readonly answer: RelayAnswer };

interface Arrived {
  readonly lookup: Lookup;
  readonly upstream: string;
  readonly bytes: Buffer;
  readonly text: LookupText;
  readonly head: TreeHead;
}

export function createLookupAnswers(needs: LookupNeeds, settings: LookupSettings): LookupAnswers {
  const { pinned } = needs;
  const { name, key, directory } = settings;
  let isMarked = false;

  function refuse(
    arrived: { readonly lookup: Lookup; readonly upstream: string },
    finding: SecurityFinding,
    problem: string,
    heads: readonly TreeHead[],
  ): RelayAnswer {
    const { resource } = arrived.lookup;
    needs.report({ database: name, finding, resource, upstream: arrived.upstream, problem, heads });
    return unbelievable(arrived.upstream, `${name} cannot be believed: ${problem}`);
  }

  async function fetch(lookup: Lookup): Promise<RelayAnswer> {
    const fetched = await needs.fetchResource(lookup.resource);
    if (fetched.outcome !== 'found') {
      return missing(fetched);
    }
    const { bytes, upstream } = fetched;
    const text = parseLookup(bytes);
    if (text === undefined || !isAbout(text.text, lookup.path, lookup.version)) {
      return unbelievable(upstream, `${name} did not answer ${lookup.resource} with its record`);
    }
    const opened = openTreeHead(text.note, key);
    if (!opened.ok) {
      return opened.forged
        ? refuse({ lookup, upstream }, 'signature-wrong', opened.problem, [])
        : unbelievable(upstream, `${name} answered ${lookup.resource}, but ${opened.problem}`);
    }
    if (text.id >= opened.head.size) {
      return unbelievable(upstream, `${name} answered with a record outside its own tree`);
    }
    return await settle({ lookup, upstream, bytes, text, head: opened.head });
  }

  /** Finds the pinned tree that holds the record, pinning a newer one when it must. */
  async function findBasis(arrived: Arrived): Promise<Basis> {
    const { head, text } = arrived;
    const now = await pinned.current();
    const isCovered = now !== undefined && text.id < now.size;
    if (isCovered && (head.size !== now.size || head.root.equals(now.root))) {
      return { tree: now };
    }
    const adoption = await pinned.adopt(head, text.id, { mayFetch: true });
    if (adoption.kind === 'unproven') {
      // Unproven, so it is passed on as it came: go checks it by itself.
      return { answer: fill(arrived.bytes, TEXT, 'short') };
    }
    if (adoption.kind === 'forked') {
      const problem = 'its new tree head does not continue the one pinned here';
      return { answer: refuse(arrived, 'tree-forked', problem, [adoption.pinned, head]) };
    }
    if (adoption.kind === 'inconsistent') {
      const problem = 'its tiles do not hash to its tree head';
      return { answer: refuse(arrived, 'tiles-inconsistent', problem, [head]) };
    }
    return { tree: (await pinned.current()) ?? head };
  }

  async function settle(arrived: Arrived): Promise<RelayAnswer> {
    const basis = await findBasis(arrived);
    if ('answer' in basis) {
      return basis.answer;
    }
    const { tree } = basis;
    const { text, lookup } = arrived;
    const leaf = leafNode(text.id);
    const proof = await pinned.proveIn(tree, [leaf]);
    if (proof.kind === 'unavailable') {
      return fill(arrived.bytes, TEXT, 'short');
    }
    if (proof.kind === 'inconsistent') {
      const problem = 'its tiles do not hash to the tree head pinned here';
      return refuse(arrived, 'tiles-inconsistent', problem, [tree]);
    }
    if (!proof.hash(leaf).equals(recordHash(text.text))) {
      const problem = `its tree holds another record ${text.id} than it sent`;
      return refuse(arrived, 'record-not-in-tree', problem, [tree, arrived.head]);
    }
    const whole = Buffer.concat([text.record, tree.note]);
    store({ path: `${directory}/${lookup.resource}`, bytes: whole }, proof.fresh);
    return fill(whole, TEXT, 'short');
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

  async function stored(lookup: Lookup): Promise<RelayAnswer | undefined> {
    const path = `${directory}/${lookup.resource}`;
    const bytes =
      needs.writes.find(path) ?? (await needs.files.readWhole(path, MAXIMUM_LOOKUP_BYTES));
    const text = bytes === undefined ? undefined : parseLookup(bytes);
    if (bytes === undefined || text === undefined) {
      return undefined;
    }
    const tree = await treeFor(text);
    // With its own head it is as consistent as on the day when it was stored.
    return hit(tree === undefined ? bytes : Buffer.concat([text.record, tree.note]), TEXT, 'short');
  }

  /** Another program on this store may have stored a record of a newer tree than we know. */
  async function treeFor(text: LookupText): Promise<TreeHead | undefined> {
    const now = await pinned.current();
    if (now !== undefined && text.id < now.size) {
      return now;
    }
    const opened = openTreeHead(text.note, key);
    if (opened.ok) {
      await pinned.adopt(opened.head, text.id, { mayFetch: false });
    }
    const later = await pinned.current();
    return later !== undefined && text.id < later.size ? later : undefined;
  }

  return { stored, fetch };
}
