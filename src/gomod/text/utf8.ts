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

function sequenceLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 1;
}

function decodeCharacter(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function decodeBroken(bytes: Uint8Array): string {
  const pieces: string[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const lead = bytes[offset] ?? 0;
    const length = lead < 0x80 ? 1 : sequenceLength(lead);
    const character =
      lead < 0x80
        ? String.fromCharCode(lead)
        : decodeCharacter(bytes.subarray(offset, offset + length));
    pieces.push(character ?? escapedByte(lead));
    offset += character === undefined ? 1 : length;
  }
  return pieces.join('');
}

/** Decodes UTF-8; each byte that belongs to no character becomes a lone surrogate that `encodeText` turns back. */
export function decodeText(bytes: Uint8Array): string {
  return decodeCharacter(bytes) ?? decodeBroken(bytes);
}

export function encodeText(text: string): Uint8Array {
  const encoder = new TextEncoder();
  if (text.isWellFormed()) return encoder.encode(text);
  const bytes: number[] = [];
  for (const character of text) {
    const escaped = byteOf(character.codePointAt(0) ?? 0);
    if (escaped === undefined) bytes.push(...encoder.encode(character));
    else bytes.push(escaped);
  }
  return Uint8Array.from(bytes);
}
