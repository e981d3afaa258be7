import type { DnsAnswer } from './network.ts';

/** Names of response codes that occur (RFC 1035, section 4.1.1). */
const CODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

const TYPES: Readonly<Record<'A' | 'AAAA', number>> = { A: 1, AAAA: 28 };

const HEADER_BYTES = 12;

/** A name has at most 127 labels; more pointers than that go in circles. */
const JUMPS_MAXIMUM = 127;

/** An answer with more records than this has nothing that a build needs. */
const RECORDS_MAXIMUM = 200;

/** A query with recursion desired (RFC 1035, section 4.1). Undefined for what is no DNS name. */
export function encodeQuestion(
  identifier: number,
  name: string,
  type: 'A' | 'AAAA',
): Buffer | undefined {
  const labels = name.replace(/\.$/, '').split('.');
  const parts: Buffer[] = [];
  for (const label of labels) {
    const bytes = Buffer.from(label, 'latin1');
    if (bytes.length === 0 || bytes.length > 63) return undefined;
    parts.push(Buffer.from([bytes.length]), bytes);
  }
  if (name.length > 253) return undefined;
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(identifier, 0);
  header.writeUInt16BE(0x0100, 2);
  header.writeUInt16BE(1, 4);
  return Buffer.concat([header, ...parts, Buffer.from([0, 0, TYPES[type], 0, 1])]);
}

/** Undefined for what is no answer to the question with this identifier. */
export function decodeAnswer(message: Buffer, identifier: number): DnsAnswer | undefined {
  if (message.length < HEADER_BYTES || message.readUInt16BE(0) !== identifier) return undefined;
  const flags = message.readUInt16BE(2);
  if ((flags & 0x8000) === 0) return undefined;
  const code = flags & 0x000f;
  const addresses: string[] = [];
  try {
    let at = HEADER_BYTES;
    for (let left = message.readUInt16BE(4); left > 0; left -= 1) at = skipName(message, at) + 4;
    const records = Math.min(message.readUInt16BE(6), RECORDS_MAXIMUM);
    for (let left = records; left > 0; left -= 1) {
      at = skipName(message, at);
      const type = message.readUInt16BE(at);
      const length = message.readUInt16BE(at + 8);
      const address = addressOf(type, message.subarray(at + 10, at + 10 + length));
      if (address !== undefined) addresses.push(address);
      at += 10 + length;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
  return {
    code: CODES[code] ?? `RCODE${code}`,
    addresses: addresses.toSorted(),
    truncated: (flags & 0x0200) !== 0,
  };
}

/** The position behind a name; pointers end it (RFC 1035, section 4.1.4). */
function skipName(message: Buffer, from: number): number {
  let at = from;
  for (let labels = 0; labels <= JUMPS_MAXIMUM; labels += 1) {
    const length = message.readUInt8(at);
    if (length === 0) return at + 1;
    if ((length & 0xc0) === 0xc0) return at + 2;
    at += 1 + length;
  }
  throw new RangeError('a name without end');
}

function addressOf(type: number, data: Buffer): string | undefined {
  if (type === TYPES.A && data.length === 4) return [...data].join('.');
  if (type !== TYPES.AAAA || data.length !== 16) return undefined;
  const groups = Array.from({ length: 8 }, (_, index) => data.readUInt16BE(index * 2).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
