import { isPlainText } from './signed-note.ts';

/** One answer to a lookup: the record and the tree head that came with it (P-74). */
export interface LookupText {
  readonly id: number;
  /** The go.sum lines; what the tree's leaf is the hash of. */
  readonly text: Buffer;
  /** Number, lines and the blank line: all but the head. */
  readonly record: Buffer;
  readonly note: Buffer;
}

/** A record holds two lines; this leaves room for a hundred hashes. */
export const MAXIMUM_LOOKUP_BYTES: number = 256 * 1024;

/** Undefined when malformed. */
export function parseLookup(bytes: Buffer): LookupText | undefined {
  const line = bytes.indexOf('\n');
  const end = bytes.indexOf('\n\n', line + 1);
  if (line < 0 || end < 0 || bytes.length > MAXIMUM_LOOKUP_BYTES) {
    return undefined;
  }
  const number = bytes.toString('latin1', 0, line);
  const id = Number(number);
  const text = bytes.subarray(line + 1, end + 1);
  const isSound =
    /^(?:0|[1-9]\d*)$/.test(number) &&
    Number.isSafeInteger(id) &&
    text.length > 1 &&
    text[0] !== 0x0a &&
    isPlainText(text, text.toString('utf8'));
  return isSound
    ? { id, text, record: bytes.subarray(0, end + 2), note: bytes.subarray(end + 2) }
    : undefined;
}

/** What a proven record says of one module version; a hash is undefined when it does not say it. */
export interface RecordHashes {
  readonly zip: string | undefined;
  readonly mod: string | undefined;
}

/** Undefined when the record has more than one line for a file, which no database writes. */
export function hashesOf(text: Buffer, path: string, version: string): RecordHashes | undefined {
  const found: { zip: string[]; mod: string[] } = { zip: [], mod: [] };
  for (const line of text.toString('utf8').split('\n')) {
    const fields = line.split(' ');
    const [module, what, hash] = fields;
    // Other algorithms may come beside it one day.
    if (fields.length !== 3 || module !== path || hash?.startsWith('h1:') !== true) continue;
    if (what === version) found.zip.push(hash);
    if (what === `${version}/go.mod`) found.mod.push(hash);
  }
  const isAmbiguous = found.zip.length > 1 || found.mod.length > 1;
  return isAmbiguous ? undefined : { zip: found.zip[0], mod: found.mod[0] };
}

/**
 * A record about another module is no answer, however well it is proven; and each record of a database
 * has a line for the zip and one for the go.mod.
 */
export function isAbout(text: Buffer, path: string, version: string): boolean {
  const lines = text.toString('utf8').split('\n');
  return [`${path} ${version} `, `${path} ${version}/go.mod `].every((start) =>
    lines.some((line) => line.startsWith(start)),
  );
}
