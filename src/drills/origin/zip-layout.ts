import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { bodyOf, concatenate } from './body.ts';
import type { Body } from './body.ts';

/** Bytes that one entry costs beside its content: local header, central record, the name in both. */
const ENTRY_BYTES = 30 + 46;
const END_BYTES = 22;
/** 32-bit sizes only; module zips end at 500 MiB anyhow (module reference, "Module zip files"). */
const LARGEST = 0xffff_ffff;
const STORED = 0;
const DEFLATED = 8;

/** One file of a zip. Without `packed` it is stored as it is. */
export interface ZipEntry {
  readonly name: string;
  readonly content: Body;
  /** Entries with one key have one content: it is hashed once however often it stands in the zip. */
  readonly contentKey?: string;
  /** Raw deflate bytes that stand for `content`, with sizes as they will be declared. */
  readonly packed?: { readonly body: Body; readonly declaredLength: number };
}

export interface ZipLayout {
  readonly body: Body;
  /** The `h1:` hash over the entries (module reference, "go.sum files"). */
  hash(): string;
}

/** How large the zip of these stored entries will be. */
export function zipLength(
  entries: readonly { readonly name: string; readonly length: number }[],
): number {
  let total = END_BYTES;
  for (const { name, length } of entries) {
    total += ENTRY_BYTES + 2 * Buffer.byteLength(name) + length;
  }
  return total;
}

/** Lays out a zip without building it: headers in memory, contents read when they are sent. */
export function layOutZip(entries: readonly ZipEntry[]): ZipLayout {
  const checks = new Map<string, number>();
  const parts: Body[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const check = remember(checks, entry.contentKey, () => checkOf(entry.content));
    const data = entry.packed?.body ?? entry.content;
    const fields = describe(entry, check, data.length);
    const name = Buffer.from(entry.name);
    parts.push(bodyOf(Buffer.concat([localHeader(fields), name])), data);
    central.push(centralRecord(fields, offset), name);
    offset += 30 + name.length + data.length;
  }
  const directory = Buffer.concat(central);
  if (offset + directory.length > LARGEST) throw new RangeError('a synthetic zip ends at 4 GiB');
  parts.push(bodyOf(directory), bodyOf(endRecord(entries.length, directory.length, offset)));
  return { body: concatenate(parts), hash: () => hashEntries(entries) };
}

/** `h1:` of one go.mod: the same sum over a single file called go.mod. */
export function hashGoMod(text: string): string {
  return hashEntries([{ name: 'go.mod', content: bodyOf(Buffer.from(text)) }]);
}

function hashEntries(entries: readonly ZipEntry[]): string {
  const digests = new Map<string, string>();
  const sum = createHash('sha256');
  const sorted = [...entries].sort((a, b) =>
    Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)),
  );
  for (const entry of sorted) {
    const digest = remember(digests, entry.contentKey, () => digestOf(entry.content));
    sum.update(`${digest}  ${entry.name}\n`);
  }
  return `h1:${sum.digest('base64')}`;
}

function remember<T>(known: Map<string, T>, key: string | undefined, compute: () => T): T {
  if (key === undefined) return compute();
  const found = known.get(key);
  if (found !== undefined) return found;
  const value = compute();
  known.set(key, value);
  return value;
}

function checkOf(content: Body): number {
  let value = 0;
  for (const piece of content.pieces(0, content.length)) value = crc32(piece, value);
  return value;
}

function digestOf(content: Body): string {
  const hash = createHash('sha256');
  for (const piece of content.pieces(0, content.length)) hash.update(piece);
  return hash.digest('hex');
}

interface Fields {
  readonly method: number;
  readonly check: number;
  readonly packedLength: number;
  readonly length: number;
  readonly nameLength: number;
}

function describe(entry: ZipEntry, check: number, packedLength: number): Fields {
  return {
    method: entry.packed === undefined ? STORED : DEFLATED,
    check,
    packedLength,
    length: entry.packed?.declaredLength ?? entry.content.length,
    nameLength: Buffer.byteLength(entry.name),
  };
}

function localHeader(fields: Fields): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  writeShared(header, 4, fields);
  return header;
}

function centralRecord(fields: Fields, offset: number): Buffer {
  const record = Buffer.alloc(46);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(20, 4);
  writeShared(record, 6, fields);
  record.writeUInt32LE(offset, 42);
  return record;
}

/** The run of fields that local header and central record have in common. */
function writeShared(target: Buffer, at: number, fields: Fields): void {
  target.writeUInt16LE(20, at);
  // Names are UTF-8.
  target.writeUInt16LE(0x0800, at + 2);
  target.writeUInt16LE(fields.method, at + 4);
  // 1 January 1980, the first day that a zip knows.
  target.writeUInt16LE(0x0021, at + 8);
  target.writeUInt32LE(fields.check, at + 10);
  target.writeUInt32LE(fields.packedLength, at + 14);
  target.writeUInt32LE(fields.length, at + 18);
  target.writeUInt16LE(fields.nameLength, at + 22);
}

function endRecord(count: number, directoryLength: number, directoryOffset: number): Buffer {
  const record = Buffer.alloc(END_BYTES);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(directoryLength, 12);
  record.writeUInt32LE(directoryOffset, 16);
  return record;
}
