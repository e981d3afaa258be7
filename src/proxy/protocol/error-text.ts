/**
 * The body of an answer that is not a success. `go` prints at most 8 lines and 650 bytes of printable
 * UTF-8 and stops at the first empty line (P-04), so this is our voice in the developer's terminal.
 */
export interface ErrorText {
  /** The cause in one sentence. */
  readonly cause: string;
  /** What was tried, one line each. */
  readonly tried: readonly string[];
  /** The next step. */
  readonly next: string;
  readonly trace: string;
}

const MAXIMUM_LINES = 8;
const MAXIMUM_BYTES = 640;
/** One line may not push the others out. */
const MAXIMUM_LINE_BYTES = 200;
/** The start of a line that is cut shorter says nothing. */
const LEAST_LINE_BYTES = 60;

export function renderErrorText(text: ErrorText): Buffer {
  const last = `cofferdam: trace ${text.trace}`;
  const next = clip(text.next);
  const lines = [clip(text.cause)];
  let left = MAXIMUM_BYTES - bytes(lines[0] ?? '') - bytes(next) - bytes(last) - 3;
  for (const line of text.tried.slice(0, MAXIMUM_LINES - 3)) {
    const clipped = clip(line, Math.min(MAXIMUM_LINE_BYTES, left - 1));
    if (clipped === '') {
      break;
    }
    lines.push(clipped);
    left -= bytes(clipped) + 1;
  }
  if (next !== '') {
    lines.push(next);
  }
  lines.push(last);
  return Buffer.from(`${lines.join('\n')}\n`);
}

function bytes(line: string): number {
  return Buffer.byteLength(line);
}

/** One printable line of bounded length: what an upstream said must not break ours. */
function clip(line: string, maximum = MAXIMUM_LINE_BYTES): string {
  const printable = line
    .replaceAll(/[^\P{C}]+/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  if (bytes(printable) <= maximum) {
    return printable;
  }
  if (maximum < LEAST_LINE_BYTES) {
    return '';
  }
  let cut = printable.slice(0, maximum);
  while (bytes(cut) > maximum - 3) {
    cut = cut.slice(0, -1);
  }
  return `${cut.replace(/[\uD800-\uDBFF]$/u, '')}…`;
}
