const ESCAPE = 0x1b;
const BRACKET = 0x5b;
const COLOUR = 0x6d;
const ERASE_LINE = 0x4b;
/** `ESC [ 38 ; 2 ; 255 ; 255 ; 255 m` is the longest in use; what is longer is left to whoever reads the line. */
const LONGEST_CODE = 24;

export interface ByteFilter {
  /** Bytes may be used again as soon as this returns. */
  write(bytes: Uint8Array): void;
  end(): void;
}

/**
 * Takes colours out (SGR and EL of ECMA-48), which may stand in the middle of a phrase: `grep --color` and log viewers
 * paint single words. What else terminals obey never does, and tells how a line is to be read.
 */
export function withoutColours(onBytes: (bytes: Uint8Array) => void): ByteFilter {
  let rest = Buffer.alloc(0);

  return {
    write(bytes) {
      const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (rest.length === 0 && !view.includes(ESCAPE)) {
        onBytes(bytes);
        return;
      }
      const all = rest.length === 0 ? view : Buffer.concat([rest, view]);
      const { plain, used } = strip(all);
      rest = Buffer.from(all.subarray(used));
      if (plain.length > 0) onBytes(plain);
    },
    end() {
      if (rest.length > 0) onBytes(rest);
      rest = Buffer.alloc(0);
    },
  };
}

/** What is left, and where a code begins whose end is still to come. */
function strip(bytes: Buffer): { readonly plain: Buffer; readonly used: number } {
  const plain = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  let from = 0;
  for (;;) {
    const at = bytes.indexOf(ESCAPE, from);
    const until = at === -1 ? bytes.length : at;
    length += bytes.copy(plain, length, from, until);
    if (at === -1) return { plain: plain.subarray(0, length), used: bytes.length };
    const end = endOfCode(bytes, at);
    if (end === 'open') return { plain: plain.subarray(0, length), used: at };
    if (end === at) plain[length++] = ESCAPE;
    from = Math.max(end, at + 1);
  }
}

/** Behind the colour that begins here; the same place where none does; `open` where the bytes end within one. */
function endOfCode(bytes: Buffer, at: number): number | 'open' {
  if (at + 1 < bytes.length && bytes[at + 1] !== BRACKET) return at;
  const limit = at + LONGEST_CODE;
  for (let index = at + 2; index < limit; index += 1) {
    const byte = bytes[index];
    if (byte === undefined) return 'open';
    if (byte === COLOUR || byte === ERASE_LINE) return index + 1;
    // Digits, colon and semicolon go on.
    if (byte < 0x30 || byte > 0x3b) return at;
  }
  return at;
}
