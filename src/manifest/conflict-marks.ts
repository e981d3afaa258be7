import type { FileEdit } from '../finding/index.ts';
import type { Problem } from './problem.ts';
import type { WorkingLine } from './working-lines.ts';

/** What git writes into a file that it could not merge: https://git-scm.com/docs/git-merge */
const MARK = /^(?:<{7}|={7}|>{7}|\|{7})(?: |$)/;

/**
 * Takes out the marks of a merge and keeps the lines of both sides: of two versions of one module the higher one then
 * wins, as `go` would choose. What both sides had before (`|||||||`) goes.
 */
export function takeOutMarks(file: string, lines: readonly WorkingLine[]): Problem[] {
  const edits: FileEdit[] = [];
  let first: WorkingLine | undefined;
  let isBase = false;
  for (const line of lines) {
    const text = (line.text ?? '').replace(/\r$/, '');
    const isMark = MARK.test(text);
    if (isMark) isBase = text.startsWith('|||||||');
    if (!isMark && !isBase) continue;
    if (isMark) first ??= line;
    line.text = undefined;
    edits.push({ file, line: line.number, lines: 1, text: '' });
  }
  if (first === undefined) return [];
  return [
    {
      code: 'K04',
      severity: 'error',
      title: 'a merge left its marks',
      explanation:
        'git could not merge this file and nobody has. The fix keeps the lines of both sides; of two versions of one module the higher one stays, which is what go would choose.',
      line: first.number,
      text: first.original,
      hint: 'remove the marks, then let go tidy up',
      command: 'go mod tidy',
      edits,
    },
  ];
}
