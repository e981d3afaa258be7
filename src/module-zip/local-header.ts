import type { ByteSource } from './byte-source.ts';
import type { DirectoryEntry } from './directory-entry.ts';

const SIGNATURE = 0x04034b50;
const HEADER_BYTES = 30;
const ENCRYPTED = 0x0001;
const MAXIMUM_32 = 0xffffffff;

export type LocalHeaderResult = { readonly dataStart: number } | { readonly problem: string };

/**
 * Go reads only the signature and the two lengths here. We also refuse a local header that
 * contradicts the directory: no writer makes one, other readers would see another archive, and
 * it is how a flipped byte in a header shows. Zero and all-ones sizes stand for "see elsewhere".
 */
export async function readLocalHeader(
  source: ByteSource,
  position: number,
  entry: DirectoryEntry,
): Promise<LocalHeaderResult> {
  if (position < 0 || position + HEADER_BYTES > source.size) {
    return { problem: 'has its header outside the file' };
  }
  const header = await source.read(position, HEADER_BYTES);
  if (header.readUInt32LE(0) !== SIGNATURE) {
    return { problem: 'has no header where the central directory says' };
  }
  const nameLength = header.readUInt16LE(26);
  const dataStart = position + HEADER_BYTES + nameLength + header.readUInt16LE(28);
  const flags = header.readUInt16LE(6);
  const numbers: readonly (readonly [number, number])[] = [
    [header.readUInt32LE(14), entry.crc32],
    [header.readUInt32LE(18), entry.compressedBytes],
    [header.readUInt32LE(22), entry.contentBytes],
  ];
  const method = header.readUInt16LE(8);
  const name = await source.read(position + HEADER_BYTES, nameLength);
  if (!name.equals(entry.nameBytes)) {
    return { problem: 'has another name in its own header than in the central directory' };
  }
  if (method !== entry.method) {
    return { problem: 'has another method in its own header than in the central directory' };
  }
  if ((flags & ENCRYPTED) !== (entry.flags & ENCRYPTED)) {
    return { problem: 'has other flags in its own header than in the central directory' };
  }
  for (const [here, there] of numbers) {
    if (here !== there && here !== 0 && here !== MAXIMUM_32) {
      return { problem: 'has other sizes in its own header than in the central directory' };
    }
  }
  return { dataStart };
}
