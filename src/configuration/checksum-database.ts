import { createHash } from 'node:crypto';
import { goServices } from '../go-services.ts';
import { bad, good, type Parsed } from './parsed.ts';

/** A checksum database to relay, as one GOSUMDB value names it. */
export interface ChecksumDatabase {
  /** May hold a path: `sum.example.com/internal`. */
  readonly name: string;
  /** The verifier key `NAME+HASH+KEY`; without it answers are relayed but not verified here. */
  readonly key: string | undefined;
  /** Where it is asked; without it through the upstreams. */
  readonly url: string | undefined;
}

/** `NAME`, `NAME+KEY`, `NAME+KEY URL` or `off`, which gives undefined (Go module reference, GOSUMDB). */
export function parseChecksumDatabase(text: string): Parsed<ChecksumDatabase | undefined> {
  const fields = text.split(/\s+/).filter((field) => field !== '');
  const [first = '', url] = fields;
  if (fields.length === 0) return bad('names no checksum database');
  if (fields.length > 2) return bad('has more than a name with its key and a URL');
  if (first === 'off') return url === undefined ? good(undefined) : bad('has a URL behind off');
  const known = goServices.checksumDatabase;
  if (first === known.alias.name && url === undefined) {
    return good({ name: known.name, key: known.key, url: known.alias.url });
  }
  const [name = '', ...keyParts] = first.split('+');
  if (!/^[\w.-]+(:\d+)?(\/[\w.~-]+)*$/.test(name)) return bad('has no valid database name');
  const key = keyParts.length === 0 ? undefined : first;
  if (key !== undefined) {
    const problem = problemOfKey(name, keyParts);
    if (problem !== undefined) return bad(problem);
  }
  if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    return bad('has something behind the name that is not an http or https URL');
  }
  return good({ name, key: key ?? (name === known.name ? known.key : undefined), url });
}

/** The format of golang.org/x/mod/sumdb/note: name+hash+key, the hash over name and key. */
function problemOfKey(name: string, parts: readonly string[]): string | undefined {
  const [hash = '', ...rest] = parts;
  // A plus sign may stand in the base64 of the key itself.
  const encoded = rest.join('+');
  const key = Buffer.from(encoded, 'base64');
  const isEd25519 = key.length === 33 && key[0] === 1;
  if (!/^[0-9a-f]{8}$/.test(hash) || !isEd25519 || key.toString('base64') !== encoded) {
    return 'has a malformed key; it is NAME+HASH+KEY as its owner publishes it';
  }
  const expected = createHash('sha256').update(`${name}\n`).update(key).digest('hex').slice(0, 8);
  return hash === expected
    ? undefined
    : 'has a key whose hash does not fit its name; a character is wrong';
}

export function formatChecksumDatabase(database: ChecksumDatabase): string {
  const name = database.key ?? database.name;
  return database.url === undefined ? name : `${name} ${database.url}`;
}
