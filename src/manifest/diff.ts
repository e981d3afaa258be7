import type { FileEdit } from '../finding/index.ts';

/** As `diff -u` has them. */
const CONTEXT = 3;

interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly edits: FileEdit[];
}

/** What edits would do to a file, as a unified diff; empty when they do nothing. */
export function diffOf(file: string, text: string, edits: readonly FileEdit[]): string {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const hunks = gather(edits, lines.length);
  if (hunks.length === 0) return '';
  let shift = 0;
  const shown = hunks.map((hunk) => {
    const body = bodyOf(hunk, lines);
    const before = body.filter((line) => !line.startsWith('+')).length;
    const after = body.filter((line) => !line.startsWith('-')).length;
    const head = `@@ -${hunk.start},${before} +${hunk.start + shift},${after} @@`;
    shift += after - before;
    return [head, ...body].join('\n');
  });
  return `--- a/${file}\n+++ b/${file}\n${shown.join('\n')}\n`;
}

function gather(edits: readonly FileEdit[], length: number): Hunk[] {
  const hunks: { start: number; end: number; edits: FileEdit[] }[] = [];
  for (const edit of edits.toSorted((one, other) => one.line - other.line)) {
    const start = Math.max(1, edit.line - CONTEXT);
    const end = Math.min(length, edit.line + edit.lines - 1 + CONTEXT);
    const last = hunks.at(-1);
    if (last !== undefined && start <= last.end + 1) {
      last.end = Math.max(last.end, end);
      last.edits.push(edit);
    } else hunks.push({ start, end, edits: [edit] });
  }
  return hunks;
}

function bodyOf({ start, end, edits }: Hunk, lines: readonly string[]): string[] {
  const body: string[] = [];
  let at = start;
  for (const { line, lines: count, text } of edits) {
    for (; at < line; at++) body.push(` ${lines[at - 1] ?? ''}`);
    const added = text === '' ? [] : text.replace(/\n$/, '').split('\n');
    const removed = lines.slice(line - 1, line - 1 + count);
    // A line that stays, because the edit puts others below it, is no change.
    const same = removed.length === 1 && removed[0] === added[0] ? 1 : 0;
    body.push(...removed.slice(0, same).map((one) => ` ${one}`));
    body.push(...removed.slice(same).map((one) => `-${one}`));
    body.push(...added.slice(same).map((one) => `+${one}`));
    at = line + count;
  }
  for (; at <= end; at++) body.push(` ${lines[at - 1] ?? ''}`);
  return body;
}
