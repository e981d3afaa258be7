import { hash } from 'node:crypto';

// Merkle tree hashes as RFC 6962 section 2.1 defines them.

export const HASH_BYTES: number = 32;

export function recordHash(text: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([Buffer.of(0), text]), 'buffer');
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([Buffer.of(1), left, right]), 'buffer');
}

/** The hash over a row of neighbours; their number is a power of two. */
export function rowHash(row: Buffer): Buffer {
  let hashes = row;
  while (hashes.length > HASH_BYTES) {
    const above = Buffer.allocUnsafe(hashes.length / 2);
    for (let at = 0; at < hashes.length; at += 2 * HASH_BYTES) {
      const left = hashes.subarray(at, at + HASH_BYTES);
      const right = hashes.subarray(at + HASH_BYTES, at + 2 * HASH_BYTES);
      nodeHash(left, right).copy(above, at / 2);
    }
    hashes = above;
  }
  return hashes;
}
