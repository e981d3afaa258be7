import type { FileEdit } from '../finding/index.ts';

/** One line of a file that is being repaired. */
export interface WorkingLine {
  /** From 1, in the file as it stands. */
  readonly number: number;
  readonly original: string;
  /** Undefined once it is taken out. */
  text: string | undefined;
  /** Lines that were put below it. */
  below: string[];
}

export function readLines(text: string): WorkingLine[] {
  return text
    .split('\n')
    .map((original, index) => ({ number: index + 1, original, text: original, below: [] }));
}

export function textOf(lines: readonly WorkingLine[]): string {
  return lines.flatMap(rowsOf).join('\n');
}

function rowsOf({ text, below }: WorkingLine): readonly string[] {
  return text === undefined ? below : [text, ...below];
}

/** Which line of the file stands at this line of the repaired text. */
export function lineAt(lines: readonly WorkingLine[], number: number): WorkingLine | undefined {
  let left = number;
  for (const line of lines) {
    left -= rowsOf(line).length;
    if (left <= 0) return line;
  }
  return lines.findLast(({ text }) => text !== undefined);
}

/** Which line of the file each line of the repaired text is. */
export function rowsToLines(lines: readonly WorkingLine[]): readonly WorkingLine[] {
  return lines.flatMap((line) => rowsOf(line).map(() => line));
}

/** For each line of the repaired text the number that it has in the file. */
export function numbersOf(lines: readonly WorkingLine[]): readonly number[] {
  return rowsToLines(lines).map(({ number }) => number);
}

/** The change of one line as an edit of the file. */
export function editOf(file: string, line: WorkingLine): FileEdit {
  const text = rowsOf(line).map((row) => `${row}\n`);
  return { file, line: line.number, lines: 1, text: text.join('') };
}

/** The file with these edits, which do not overlap. */
export function applyEdits(text: string, edits: readonly FileEdit[]): string {
  const lines = text.split('\n').map((line, index, all) => {
    return index === all.length - 1 ? line : `${line}\n`;
  });
  for (const { line, lines: count, text: replacement } of edits.toSorted(
    (one, other) => other.line - one.line,
  )) {
    lines.splice(line - 1, count, replacement);
  }
  const edited = lines.join('');
  return edited === '' || edited.endsWith('\n') ? edited : `${edited}\n`;
}
