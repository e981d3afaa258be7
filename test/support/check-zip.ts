import assert from 'node:assert/strict';
import { crc32, inflateRawSync } from 'node:zlib';

/** Walks the central directory and checks each entry's size and CRC; returns the names. */
export function checkZip(zip: Buffer): readonly string[] {
  const end = zip.length - 22;
  assert.equal(zip.readUInt32LE(end), 0x06054b50);
  const names: string[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 10); count > 0; count--) {
    assert.equal(zip.readUInt32LE(at), 0x02014b50);
    const name = zip.subarray(at + 46, at + 46 + zip.readUInt16LE(at + 28)).toString();
    const local = zip.readUInt32LE(at + 42);
    assert.equal(zip.readUInt32LE(local), 0x04034b50);
    const start = local + 30 + name.length;
    const data = zip.subarray(start, start + zip.readUInt32LE(at + 20));
    const content = zip.readUInt16LE(at + 10) === 8 ? inflateRawSync(data) : data;
    assert.equal(
      content.length,
      zip.readUInt32LE(at + 24),
      `${zip.readUInt32LE(at + 24)} bytes declared, ${content.length} there`,
    );
    assert.equal(crc32(content), zip.readUInt32LE(at + 16));
    names.push(name);
    at += 46 + name.length;
  }
  return names;
}
