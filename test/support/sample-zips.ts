import { deflateRawSync, crc32 } from 'node:zlib';

export interface SampleEntry {
  readonly name: string;
  readonly content: Buffer;
  readonly method?: 'stored' | 'deflated';
  /** Sizes and sum after the data, as Go writes them; `unsigned` leaves out the signature. */
  readonly descriptor?: 'signed' | 'unsigned' | 'none';
  readonly zip64?: boolean;
}

/** A zip byte by byte, so that every variant that Go reads can be made. */
export function buildZip(
  entries: readonly SampleEntry[],
  end: { readonly zip64?: boolean; readonly comment?: string; readonly before?: Buffer } = {},
): Buffer {
  const pieces: Buffer[] = end.before === undefined ? [] : [end.before];
  const base = end.before?.length ?? 0;
  let position = 0;
  function push(bytes: Buffer): void {
    pieces.push(bytes);
    position += bytes.length;
  }
  const directory: Buffer[] = [];
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const stored = entry.method === 'stored' || entry.name.endsWith('/');
    const data = stored ? entry.content : deflateRawSync(entry.content);
    const descriptor = entry.descriptor ?? 'none';
    const flags = (descriptor === 'none' ? 0 : 8) | 0x800;
    const sum = crc32(entry.content);
    const offset = position;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(flags, 6);
    local.writeUInt16LE(stored ? 0 : 8, 8);
    if (descriptor === 'none') {
      local.writeUInt32LE(sum, 14);
      local.writeUInt32LE(data.length, 18);
      local.writeUInt32LE(entry.content.length, 22);
    }
    local.writeUInt16LE(name.length, 26);
    push(Buffer.concat([local, name, data]));
    if (descriptor !== 'none') {
      const tail = Buffer.alloc(16);
      tail.writeUInt32LE(0x08074b50, 0);
      tail.writeUInt32LE(sum, 4);
      tail.writeUInt32LE(data.length, 8);
      tail.writeUInt32LE(entry.content.length, 12);
      push(descriptor === 'signed' ? tail : tail.subarray(4));
    }
    directory.push(directoryHeader({ name, flags, stored, sum, data, offset, entry }));
  }
  const directoryStart = position;
  for (const header of directory) {
    push(header);
  }
  const directorySize = position - directoryStart;
  if (end.zip64 === true) {
    push(end64(entries.length, directorySize, directoryStart, base + position));
  }
  const comment = Buffer.from(end.comment ?? '');
  const last = Buffer.alloc(22);
  last.writeUInt32LE(0x06054b50, 0);
  last.writeUInt16LE(end.zip64 === true ? 0xffff : entries.length, 8);
  last.writeUInt16LE(end.zip64 === true ? 0xffff : entries.length, 10);
  last.writeUInt32LE(end.zip64 === true ? 0xffffffff : directorySize, 12);
  last.writeUInt32LE(end.zip64 === true ? 0xffffffff : directoryStart, 16);
  last.writeUInt16LE(comment.length, 20);
  push(Buffer.concat([last, comment]));
  return Buffer.concat(pieces);
}

function directoryHeader(parts: {
  readonly name: Buffer;
  readonly flags: number;
  readonly stored: boolean;
  readonly sum: number;
  readonly data: Buffer;
  readonly offset: number;
  readonly entry: SampleEntry;
}): Buffer {
  const { name, flags, stored, sum, data, offset, entry } = parts;
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(0x314, 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(flags, 8);
  header.writeUInt16LE(stored ? 0 : 8, 10);
  header.writeUInt32LE(sum, 16);
  header.writeUInt32LE(entry.zip64 === true ? 0xffffffff : data.length, 20);
  header.writeUInt32LE(entry.zip64 === true ? 0xffffffff : entry.content.length, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt32LE(entry.zip64 === true ? 0xffffffff : offset, 42);
  if (entry.zip64 !== true) {
    return Buffer.concat([header, name]);
  }
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  extra.writeBigUInt64LE(BigInt(entry.content.length), 4);
  extra.writeBigUInt64LE(BigInt(data.length), 12);
  extra.writeBigUInt64LE(BigInt(offset), 20);
  header.writeUInt16LE(28, 30);
  return Buffer.concat([header, name, extra]);
}

function end64(records: number, size: number, offset: number, position: number): Buffer {
  const bytes = Buffer.alloc(56 + 20);
  bytes.writeUInt32LE(0x06064b50, 0);
  bytes.writeBigUInt64LE(44n, 4);
  bytes.writeBigUInt64LE(BigInt(records), 24);
  bytes.writeBigUInt64LE(BigInt(records), 32);
  bytes.writeBigUInt64LE(BigInt(size), 40);
  bytes.writeBigUInt64LE(BigInt(offset), 48);
  bytes.writeUInt32LE(0x07064b50, 56);
  bytes.writeBigUInt64LE(BigInt(position), 64);
  bytes.writeUInt32LE(1, 72);
  return bytes;
}
