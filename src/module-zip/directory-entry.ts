import type { ByteSource } from './byte-source.ts';

const HEADER_SIGNATURE = 0x02014b50;
const HEADER_BYTES = 46;
const ZIP64_EXTRA = 1;
const MAXIMUM_32 = 0xffffffff;

/** One file as the central directory describes it. */
export interface DirectoryEntry {
  readonly nameBytes: Buffer;
  readonly method: number;
  readonly flags: number;
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly contentBytes: number;
  /** Relative to the zip proper, without leading garbage. */
  readonly headerOffset: number;
}

/**
 * `end` is where archive/zip stops reading headers without calling it an error yet,
 * `cut` is the one place where it does call it one.
 */
export type HeaderResult =
  | { readonly kind: 'header'; readonly entry: DirectoryEntry; readonly next: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'cut' };

interface Sizes {
  compressedBytes: number;
  contentBytes: number;
  headerOffset: number;
}

export async function parseDirectoryHeader(
  source: ByteSource,
  position: number,
): Promise<HeaderResult> {
  const fixed = await source.read(position, HEADER_BYTES);
  if (fixed.length < HEADER_BYTES) {
    return { kind: fixed.length === 0 ? 'cut' : 'end' };
  }
  if (fixed.readUInt32LE(0) !== HEADER_SIGNATURE) {
    return { kind: 'end' };
  }
  const nameLength = fixed.readUInt16LE(28);
  const extraLength = fixed.readUInt16LE(30);
  const restLength = nameLength + extraLength + fixed.readUInt16LE(32);
  const rest = await source.read(position + HEADER_BYTES, restLength);
  if (rest.length < restLength) {
    return { kind: rest.length === 0 ? 'cut' : 'end' };
  }
  const sizes: Sizes = {
    compressedBytes: fixed.readUInt32LE(20),
    contentBytes: fixed.readUInt32LE(24),
    headerOffset: fixed.readUInt32LE(42),
  };
  if (!widen(sizes, rest.subarray(nameLength, nameLength + extraLength))) {
    return { kind: 'end' };
  }
  return {
    kind: 'header',
    next: position + HEADER_BYTES + restLength,
    entry: {
      // A copy, because a view would keep its whole block alive as long as the entry.
      nameBytes: Buffer.from(rest.subarray(0, nameLength)),
      flags: fixed.readUInt16LE(8),
      method: fixed.readUInt16LE(10),
      crc32: fixed.readUInt32LE(16),
      ...sizes,
    },
  };
}

/** In the order in which the zip64 extra field holds them. */
const SIZE_FIELDS = ['contentBytes', 'compressedBytes', 'headerOffset'] as const;

/** Takes 64-bit values from the extra field where the 32-bit ones are at their end. */
function widen(sizes: Sizes, extra: Buffer): boolean {
  const needed = new Set(SIZE_FIELDS.filter((field) => sizes[field] === MAXIMUM_32));
  let at = 0;
  while (extra.length - at >= 4) {
    const tag = extra.readUInt16LE(at);
    const length = extra.readUInt16LE(at + 2);
    at += 4;
    if (extra.length - at < length) {
      break;
    }
    const values = tag === ZIP64_EXTRA ? read64(extra.subarray(at, at + length)) : [];
    for (const field of tag === ZIP64_EXTRA ? [...needed] : []) {
      const value = values.shift();
      if (value === undefined) {
        return false;
      }
      sizes[field] = value;
      needed.delete(field);
    }
    at += length;
  }
  // A content size of exactly 2^32-1 without zip64 is possible, the other two are not.
  return !needed.has('compressedBytes') && !needed.has('headerOffset');
}

function read64(bytes: Buffer): number[] {
  const values: number[] = [];
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    values.push(Number(bytes.readBigUInt64LE(at)));
  }
  return values;
}
