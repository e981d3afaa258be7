import type { Files } from '../../platform/index.ts';
import { recordHash } from './hashes.ts';
import { isAbout, MAXIMUM_LOOKUP_BYTES, parseLookup, type LookupText } from './lookup-text.ts';
import { leafNode } from './pinned-tree.ts';
import { createLookupReader, type ReadLookup } from './read-lookup.ts';
import {
  hit,
  missing,
  TEXT,
  unbelievable,
  type FetchOwn,
  type RelayAnswer,
} from './relay-answer.ts';
import { createLookupSettling, type SettleNeeds, type SettleSettings } from './settle-lookup.ts';
import { openTreeHead, type TreeHead, type VerifierKey } from './signed-note.ts';

export interface Lookup {
  /** `lookup/…` as it was asked, which is also its place on disk. */
  readonly resource: string;
  readonly path: string;
  readonly version: string;
}

export interface LookupAnswers {
  /** From disk; undefined when it is not there. */
  stored(lookup: Lookup): Promise<RelayAnswer | undefined>;
  /** The go.sum lines from disk, proven anew by stored tiles; a damaged file is as good as none. */
  storedProven(lookup: Lookup): Promise<Buffer | undefined>;
  /** From the database; stored when it can be proven. */
  fetch(lookup: Lookup): Promise<RelayAnswer>;
}

export interface LookupNeeds extends SettleNeeds {
  readonly files: Files;
  readonly fetchResource: FetchOwn;
}

type RefusedLookup = Extract<ReadLookup, { readonly kind: 'refused' }>;

interface StoredLookup {
  readonly bytes: Buffer;
  readonly text: LookupText;
}

const TOO_LARGE: RefusedLookup = {
  kind: 'refused',
  finding: 'checksum-answer-too-large',
  problem: 'its answer is larger than any record',
};

export interface LookupSettings extends SettleSettings {
  readonly key: VerifierKey | undefined;
}

export function createLookupAnswers(needs: LookupNeeds, settings: LookupSettings): LookupAnswers {
  const { pinned, report } = needs;
  const { name, key, directory } = settings;
  const settle = createLookupSettling(needs, settings);
  const read = createLookupReader(key);

  async function fetch({ resource, path, version }: Lookup): Promise<RelayAnswer> {
    let refusal: { readonly upstream: string; readonly read: RefusedLookup } | undefined;

    function inspect(bytes: Buffer | 'too-large', upstream: string): ReadLookup {
      const found: ReadLookup = bytes === 'too-large' ? TOO_LARGE : read(bytes, path, version);
      if (found.kind === 'refused') {
        const { finding, problem } = found;
        const isNew = refusal?.upstream !== upstream || refusal.read.finding !== finding;
        refusal = { upstream, read: found };
        if (isNew) report({ database: name, finding, resource, upstream, problem });
      }
      return found;
    }

    function refuse(upstream: string, { finding, problem }: RefusedLookup): RelayAnswer {
      return unbelievable(upstream, `${name} cannot be believed: ${problem}`, finding);
    }

    const fetched = await needs.fetchResource(resource, (bytes, upstream) => {
      const found = inspect(bytes, upstream);
      return found.kind === 'refused' ? found.problem : undefined;
    });
    if (fetched.outcome !== 'found') {
      return refusal === undefined ? missing(fetched) : refuse(refusal.upstream, refusal.read);
    }
    const { bytes, upstream } = fetched;
    const found = inspect(bytes, upstream);
    return found.kind === 'refused'
      ? refuse(upstream, found)
      : await settle({ resource, upstream, bytes, text: found.text, head: found.head });
  }

  async function storedText({ resource }: Lookup): Promise<StoredLookup | undefined> {
    const path = `${directory}/${resource}`;
    const waiting = needs.writes.find(path);
    const bytes = waiting ?? (await needs.files.readWhole(path, MAXIMUM_LOOKUP_BYTES));
    const text = bytes === undefined ? undefined : parseLookup(bytes);
    return bytes === undefined || text === undefined ? undefined : { bytes, text };
  }

  async function stored(lookup: Lookup): Promise<RelayAnswer | undefined> {
    const found = await storedText(lookup);
    if (found === undefined) {
      return undefined;
    }
    const { bytes, text } = found;
    const tree = await treeFor(text);
    // With its own head it is as consistent as on the day when it was stored.
    return hit(tree === undefined ? bytes : Buffer.concat([text.record, tree.note]), TEXT, 'short');
  }

  async function storedProven(lookup: Lookup): Promise<Buffer | undefined> {
    const found = await storedText(lookup);
    const tree = found === undefined ? undefined : await treeFor(found.text);
    if (found === undefined || tree === undefined) {
      return undefined;
    }
    const { text } = found;
    const leaf = leafNode(text.id);
    const proof = await pinned.proveIn(tree, [leaf], { mayFetch: false });
    return proof.kind === 'proven' &&
      proof.hash(leaf).equals(recordHash(text.text)) &&
      isAbout(text.text, lookup.path, lookup.version)
      ? text.text
      : undefined;
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

  return { stored, storedProven, fetch };
}
