export interface ByteReader {
  write(bytes: Uint8Array): void;
  end(): void;
}

/** PowerShell writes what it redirects in UTF-16, and says so in the first two bytes. */
const WIDE: readonly (readonly [encoding: string, first: number, second: number])[] = [
  ['utf-16le', 0xff, 0xfe],
  ['utf-16be', 0xfe, 0xff],
];

/** Passes bytes on, those of UTF-16 as UTF-8. */
export function createByteReader(onBytes: (bytes: Uint8Array) => void): ByteReader {
  let start: Uint8Array | undefined = new Uint8Array(0);
  let decoder: TextDecoder | undefined;

  function pass(bytes: Uint8Array): void {
    if (decoder === undefined) onBytes(bytes);
    else onBytes(Buffer.from(decoder.decode(bytes, { stream: true })));
  }

  return {
    write(bytes) {
      if (start === undefined) {
        pass(bytes);
        return;
      }
      const together = start.length === 0 ? bytes : Buffer.concat([start, bytes]);
      if (together.length < 2) {
        start = Buffer.from(together);
        return;
      }
      start = undefined;
      const wide = WIDE.find(([, ...mark]) => mark.every((byte, at) => together[at] === byte));
      if (wide !== undefined) decoder = new TextDecoder(wide[0]);
      pass(together);
    },
    end() {
      if (start !== undefined && start.length > 0) onBytes(start);
      start = undefined;
    },
  };
}
