/** A line is masked whole; of a longer one a piece at a time. */
const LONGEST_LINE = 64 * 1024;
/** A piece ends where no secret goes on: at a space, a quote or a separator near its end. */
const LOOK_BACK = 16 * 1024;
const NEWLINE = 0x0a;

/** Cuts what comes in pieces into pieces that end with a line, so that no secret lies in two of them. */
export interface LogLines {
  /** Complete lines, if there are any now. */
  write(bytes: Uint8Array): Buffer | undefined;
  /** What has come and does not end with a line. */
  end(): Buffer | undefined;
}

export function createLogLines(): LogLines {
  let rest: Buffer = Buffer.alloc(0);

  return {
    write(bytes) {
      const all = rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([rest, bytes]);
      const cut = placeToCut(all);
      rest = Buffer.from(all.subarray(cut));
      return cut === 0 ? undefined : all.subarray(0, cut);
    },
    end() {
      const last = rest;
      rest = Buffer.alloc(0);
      return last.length === 0 ? undefined : last;
    },
  };
}

function placeToCut(bytes: Buffer): number {
  const lastLine = bytes.lastIndexOf(NEWLINE) + 1;
  if (bytes.length - lastLine <= LONGEST_LINE) return lastLine;
  const tail = bytes.subarray(bytes.length - LOOK_BACK).toString('latin1');
  const separator = /[\s"',;&][^\s"',;&]*$/.exec(tail)?.index;
  return separator === undefined ? bytes.length : bytes.length - LOOK_BACK + separator + 1;
}
