import { createHash } from 'node:crypto';
import { compareBytes, encodeText, parsed, refused, type Parsed } from '../text/index.ts';

// The h1: hash: https://go.dev/ref/mod#go-sum-files (`dirhash.Hash1`). It covers names and contents, never the bytes of
// the zip, so that two different zips of one module can both be right.

/** One file with the SHA-256 of its content, as bytes or lower-case hex. */
export interface HashedEntry {
  readonly name: string;
  readonly sha256: Uint8Array | string;
}

function hexOf(sha256: Uint8Array | string): string {
  if (typeof sha256 === 'string') return sha256;
  return Array.from(sha256, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The `h1:` hash of a module zip's entries, in any order; their names begin with `module@version/`. */
export function hash1(entries: readonly HashedEntry[]): Parsed<string> {
  const hash = createHash('sha256');
  for (const { name, sha256 } of entries.toSorted((left, right) =>
    compareBytes(left.name, right.name),
  )) {
    if (name.includes('\n')) return refused('dirhash: filenames with newlines are not supported');
    hash.update(encodeText(`${hexOf(sha256)}  ${name}\n`));
  }
  return parsed(`h1:${hash.digest('base64')}`);
}

/** The `h1:` hash of a go.mod file: that of a tree with nothing else in it. */
export function hashGoMod(content: Uint8Array): string {
  const line = `${createHash('sha256').update(content).digest('hex')}  go.mod\n`;
  return `h1:${createHash('sha256').update(line).digest('base64')}`;
}
