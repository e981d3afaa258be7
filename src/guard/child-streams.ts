import type { FailureReader } from './failure-reader.ts';
import type { GuardOptions } from './needs.ts';
import type { CopiedStreams } from './supervise.ts';

type See = ((bytes: Uint8Array) => void) | undefined;

/** A line that is longer is read in pieces. */
const LONGEST_LINE = 64 * 1024;
const NEWLINE = 0x0a;

/** Who is shown what the command writes, and what is to be done when it has ended. */
export interface ChildStreams {
  readonly streams: CopiedStreams;
  /** Hands the reader what does not end with a line. */
  end(): void;
}

/** The failure reader, and whoever else wants to see it. */
export function childStreams(
  reader: FailureReader | undefined,
  { child = {}, readsStdout = false }: Pick<GuardOptions, 'child' | 'readsStdout'>,
): ChildStreams {
  const { seeStdout, seeStderr } = child;
  const lines = { stdout: wholeLines(reader), stderr: wholeLines(reader) };
  const stdout = both(readsStdout ? lines.stdout.write : undefined, seeStdout);
  const stderr = both(lines.stderr.write, seeStderr);
  const isRead = stdout !== undefined || stderr !== undefined;
  // Of one pipe nobody can tell which stream it was, and everything is shown once.
  const together = isRead ? both(reader?.write, seeStdout ?? seeStderr) : undefined;
  return {
    streams: { stdout, stderr, together },
    end() {
      lines.stdout.end();
      lines.stderr.end();
    },
  };
}

/** Two streams go to one reader: what one writes must not come into the middle of a line of the other. */
function wholeLines(reader: FailureReader | undefined): { write: See; end(): void } {
  if (reader === undefined) return { write: undefined, end: () => undefined };
  let rest: Uint8Array = new Uint8Array();
  return {
    write(bytes) {
      const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      const line = all.lastIndexOf(NEWLINE) + 1;
      const cut = all.length - line > LONGEST_LINE ? all.length : line;
      if (cut > 0) reader.write(all.subarray(0, cut));
      rest = Uint8Array.from(all.subarray(cut));
    },
    end() {
      if (rest.length > 0) reader.write(rest);
      rest = new Uint8Array();
    },
  };
}

function both(one: See, other: See): See {
  if (one === undefined || other === undefined) return one ?? other;
  return (bytes) => {
    one(bytes);
    other(bytes);
  };
}
