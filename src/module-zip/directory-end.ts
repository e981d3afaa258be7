import type { ByteSource } from './byte-source.ts';
import { parseDirectoryHeader } from './directory-entry.ts';

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const LOCATOR_64_SIGNATURE = 0x07064b50;
const LOCATOR_64_BYTES = 20;
const END_64_SIGNATURE = 0x06064b50;
const END_64_BYTES = 56;
/** How far from the end Go's archive/zip looks: first near, then as far as a comment can be long. */
const SEARCH_BYTES = [1024, 65 * 1024] as const;

export interface DirectoryEnd {
  /** Where the first header of the directory stands in the file. */
  readonly directoryStart: number;
  /** Bytes before the zip proper; added to every header's offset. */
  readonly baseOffset: number;
  readonly directoryBytes: number;
  /** As declared; only its low 16 bits bind, as in archive/zip. */
  readonly records: number;
}

export type DirectoryEndResult = DirectoryEnd | { readonly problem: string };

interface Declared {
  readonly records: number;
  readonly size: number;
  readonly offset: number;
}

/**
 * Finds the directory exactly where Go's archive/zip finds it, leading and trailing garbage and
 * its reading of zip64 included: a different choice here would mean a different archive.
 */
export async function readDirectoryEnd(source: ByteSource): Promise<DirectoryEndResult> {
  const found = await findEnd(source);
  if (found === undefined) {
    return { problem: 'it has no end of central directory record' };
  }
  let end = found.position;
  let declared = found.declared;
  // archive/zip compares the size with 0xffff, not 0xffffffff.
  if (declared.records === 0xffff || declared.size === 0xffff || declared.offset === 0xffffffff) {
    const position = await findEnd64(source, end);
    if (position !== undefined) {
      const declared64 = await readEnd64(source, position);
      if (declared64 === undefined) {
        return { problem: 'its zip64 end of central directory record is malformed' };
      }
      end = position;
      declared = declared64;
    }
  }
  return await locate(source, end, declared);
}

async function findEnd(
  source: ByteSource,
): Promise<{ readonly position: number; readonly declared: Declared } | undefined> {
  for (const reach of SEARCH_BYTES) {
    const length = Math.min(reach, source.size);
    const start = source.size - length;
    const tail = await source.read(start, length);
    const at = findSignature(tail);
    if (at !== undefined) {
      return {
        position: start + at,
        declared: {
          records: tail.readUInt16LE(at + 10),
          size: tail.readUInt32LE(at + 12),
          offset: tail.readUInt32LE(at + 16),
        },
      };
    }
    if (length === source.size) {
      return undefined;
    }
  }
  return undefined;
}

/** The last signature counts; when its comment is cut, archive/zip looks no further back. */
function findSignature(tail: Buffer): number | undefined {
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail[at] === 0x50 && tail.readUInt32LE(at) === END_SIGNATURE) {
      const comment = tail.readUInt16LE(at + END_BYTES - 2);
      return at + END_BYTES + comment > tail.length ? undefined : at;
    }
  }
  return undefined;
}

async function findEnd64(source: ByteSource, end: number): Promise<number | undefined> {
  const position = end - LOCATOR_64_BYTES;
  if (position < 0) {
    return undefined;
  }
  const locator = await source.read(position, LOCATOR_64_BYTES);
  if (
    locator.readUInt32LE(0) !== LOCATOR_64_SIGNATURE ||
    locator.readUInt32LE(4) !== 0 ||
    locator.readUInt32LE(16) !== 1
  ) {
    return undefined;
  }
  const at = locator.readBigInt64LE(8);
  return at < 0n ? undefined : Number(at);
}

async function readEnd64(source: ByteSource, position: number): Promise<Declared | undefined> {
  if (position + END_64_BYTES > source.size) {
    return undefined;
  }
  const record = await source.read(position, END_64_BYTES);
  if (record.readUInt32LE(0) !== END_64_SIGNATURE) {
    return undefined;
  }
  return {
    records: Number(record.readBigUInt64LE(32) & 0xffffn),
    size: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
  };
}

async function locate(
  source: ByteSource,
  end: number,
  declared: Declared,
): Promise<DirectoryEndResult> {
  const directoryStart = end - declared.size;
  if (directoryStart < 0 || directoryStart >= source.size || declared.offset >= 2 ** 63) {
    return { problem: 'its central directory is said to lie outside the file' };
  }
  const baseOffset = directoryStart - declared.offset;
  const common = { directoryBytes: declared.size, records: declared.records };
  // A header where the record says one is, is believed more than an offset computed from the end.
  if (baseOffset > 0 && (await parseDirectoryHeader(source, declared.offset)).kind === 'header') {
    return { ...common, directoryStart: declared.offset, baseOffset: 0 };
  }
  return { ...common, directoryStart, baseOffset };
}
