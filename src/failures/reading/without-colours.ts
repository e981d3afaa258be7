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
      const { plain, open } = strip(all);
      rest = Buffer.from(open);
      if (plain.length > 0) onBytes(plain);
    },
    end() {
      if (rest.length > 0) onBytes(rest);
      rest = Buffer.alloc(0);
    },
  };
}

/** What is left, and a code whose end is still to come. One step for each byte: a log may be nothing but escapes. */
function strip(bytes: Buffer): { readonly plain: Buffer; readonly open: Buffer } {
  const plain = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  /** Where the code begins in which we are; -1 outside. */
  let code = -1;
  for (let at = 0; at < bytes.length; at += 1) {
    // Within bounds by the loop.
    const byte = bytes[at] as number;
    plain[length] = byte;
    length += 1;
    if (byte === ESCAPE) code = length - 1;
    else if (code !== -1) {
      const position = length - 1 - code;
      if (position > 1 && (byte === COLOUR || byte === ERASE_LINE)) {
        length = code;
        code = -1;
      } else if (position === 1 ? byte !== BRACKET : !goesOn(byte) || position > LONGEST_CODE) {
        code = -1;
      }
    }
  }
  const until = code === -1 ? length : code;
  return { plain: plain.subarray(0, until), open: plain.subarray(until, length) };
}

/** Digits, colon and semicolon. */
function goesOn(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x3b;
}
