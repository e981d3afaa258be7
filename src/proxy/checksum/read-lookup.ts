import {
  hashesOf,
  isAbout,
  MAXIMUM_LOOKUP_BYTES,
  parseLookup,
  type LookupText,
} from './lookup-text.ts';
import type { SecurityFinding } from './security-findings.ts';
import { openTreeHead, type HeadResult, type TreeHead, type VerifierKey } from './signed-note.ts';

export type ReadLookup =
  | { readonly kind: 'read'; readonly text: LookupText; readonly head: TreeHead }
  | { readonly kind: 'refused'; readonly finding: SecurityFinding; readonly problem: string };

/**
 * Reads an answer to a lookup as far as it can be judged alone: its form, whom it is about, who signed
 * its head. Whether the record is in the tree is still to be proven.
 */
export function createLookupReader(
  key: VerifierKey | undefined,
): (bytes: Buffer, path: string, version: string) => ReadLookup {
  // Lookups of one moment carry one head: its signature is checked once.
  let last: { readonly note: Buffer; readonly opened: HeadResult } | undefined;

  function open(note: Buffer): HeadResult {
    if (last?.note.equals(note) !== true) {
      last = { note, opened: openTreeHead(note, key) };
    }
    return last.opened;
  }

  return (bytes, path, version) => {
    if (bytes.length > MAXIMUM_LOOKUP_BYTES) {
      return refused('checksum-answer-too-large', `it answered with ${bytes.length} bytes`);
    }
    const text = parseLookup(bytes);
    if (text === undefined) {
      return refused(
        'checksum-answer-malformed',
        'its answer is no record with a signed tree head',
      );
    }
    const opened = open(text.note);
    if (!opened.ok) {
      return refused(opened.finding, opened.problem);
    }
    if (!isAbout(text.text, path, version)) {
      return refused(
        'checksum-record-foreign',
        `its record is not about the zip and the go.mod of ${path}@${version}`,
      );
    }
    if (hashesOf(text.text, path, version) === undefined) {
      const problem = `its record says more than one thing about ${path}@${version}`;
      return refused('checksum-record-ambiguous', problem);
    }
    if (text.id >= opened.head.size) {
      const problem = `its record ${text.id} lies outside its own tree of ${opened.head.size}`;
      return refused('checksum-record-outside-tree', problem);
    }
    return { kind: 'read', text, head: opened.head };
  };
}

function refused(finding: SecurityFinding, problem: string): ReadLookup {
  return { kind: 'refused', finding, problem };
}
