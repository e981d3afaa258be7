// Go reads files as bytes and carries bytes that are no UTF-8 through unchanged. A string here carries such a byte as the
// lone surrogate U+DC00 + byte, which no valid text contains, so that writing gives back what was read.

const ESCAPED_BYTE = 0xdc00;

export function escapedByte(byte: number): string {
  return String.fromCharCode(ESCAPED_BYTE + byte);
}

/** The byte that a lone surrogate stands for, if it stands for one. */
export function byteOf(codePoint: number): number | undefined {
  return codePoint >= ESCAPED_BYTE + 0x80 && codePoint <= ESCAPED_BYTE + 0xff
    ? codePoint - ESCAPED_BYTE
    : undefined;
}

function isContinuation(byte: number | undefined, low = 0x80, high = 0xbf): boolean {
  return byte !== undefined && byte >= low && byte <= high;
}

/** The length of the character that begins at `offset`; 0 when none does (Unicode, table 3-7). */
function characterLength(bytes: Uint8Array, offset: number): number {
  const lead = bytes[offset] ?? 0;
  const second = bytes[offset + 1];
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return isContinuation(second) ? 2 : 0;
  if (!isContinuation(bytes[offset + 2])) return 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const low = lead === 0xe0 ? 0xa0 : 0x80;
    return isContinuation(second, low, lead === 0xed ? 0x9f : 0xbf) ? 3 : 0;
  }
  if (lead < 0xf0 || lead > 0xf4 || !isContinuation(bytes[offset + 3])) return 0;
  const low = lead === 0xf0 ? 0x90 : 0x80;
  return isContinuation(second, low, lead === 0xf4 ? 0x8f : 0xbf) ? 4 : 0;
}

function decodeBroken(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const pieces: string[] = [];
  let wholeStart = 0;
  for (let offset = 0; offset < bytes.length;) {
    const length = characterLength(bytes, offset);
    if (length > 0) {
      offset += length;
      continue;
    }
    if (wholeStart < offset) pieces.push(decoder.decode(bytes.subarray(wholeStart, offset)));
    pieces.push(escapedByte(bytes[offset] ?? 0));
    offset++;
    wholeStart = offset;
  }
  pieces.push(decoder.decode(bytes.subarray(wholeStart)));
  return pieces.join('');
}

/** Decodes UTF-8; each byte that belongs to no character becomes a lone surrogate that `encodeText` turns back. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return decodeBroken(bytes);
  }
}

/** A low surrogate that no high one precedes, which is how a byte is carried. */
const CARRIED_BYTE = /(?<![\ud800-\udbff])[\udc80-\udcff]/g;

export function encodeText(text: string): Uint8Array {
  const encoder = new TextEncoder();
  if (text.isWellFormed()) return encoder.encode(text);
  const bytes = new Uint8Array(text.length * 3);
  let end = 0;
  let wholeStart = 0;
  for (const { index } of text.matchAll(CARRIED_BYTE)) {
    end += encoder.encodeInto(text.slice(wholeStart, index), bytes.subarray(end)).written;
    bytes[end] = text.charCodeAt(index) - ESCAPED_BYTE;
    end++;
    wholeStart = index + 1;
  }
  end += encoder.encodeInto(text.slice(wholeStart), bytes.subarray(end)).written;
  return bytes.slice(0, end);
}
