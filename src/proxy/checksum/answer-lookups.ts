import type { Files } from '../../platform/index.ts';
import { isAbout, MAXIMUM_LOOKUP_BYTES, parseLookup, type LookupText } from './lookup-text.ts';
import {
  hit,
  missing,
  TEXT,
  unbelievable,
  type FetchedResource,
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
  /** From the database; stored when it can be proven. */
  fetch(lookup: Lookup): Promise<RelayAnswer>;
}

export interface LookupNeeds extends SettleNeeds {
  readonly files: Files;
  fetchResource(resource: string): Promise<FetchedResource>;
}

export interface LookupSettings extends SettleSettings {
  readonly key: VerifierKey | undefined;
}

export function createLookupAnswers(needs: LookupNeeds, settings: LookupSettings): LookupAnswers {
  const { pinned, report } = needs;
  const { name, key, directory } = settings;
  const settle = createLookupSettling(needs, settings);

  async function fetch({ resource, path, version }: Lookup): Promise<RelayAnswer> {
    const fetched = await needs.fetchResource(resource);
    if (fetched.outcome !== 'found') {
      return missing(fetched);
    }
    const { bytes, upstream } = fetched;
    const text = parseLookup(bytes);
    if (text === undefined || !isAbout(text.text, path, version)) {
      return unbelievable(upstream, `${name} did not answer ${resource} with its record`);
    }
    const opened = openTreeHead(text.note, key);
    if (!opened.ok) {
      const { problem, forged } = opened;
      if (forged) {
        report({ database: name, finding: 'signature-wrong', resource, upstream, problem });
      }
      return unbelievable(upstream, `${name} cannot be believed: ${problem}`);
    }
    if (text.id >= opened.head.size) {
      return unbelievable(upstream, `${name} answered with a record outside its own tree`);
    }
    return await settle({ resource, upstream, bytes, text, head: opened.head });
  }

  async function stored({ resource }: Lookup): Promise<RelayAnswer | undefined> {
    const path = `${directory}/${resource}`;
    const waiting = needs.writes.find(path);
    const bytes = waiting ?? (await needs.files.readWhole(path, MAXIMUM_LOOKUP_BYTES));
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
