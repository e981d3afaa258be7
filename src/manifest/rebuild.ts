import type { Modfile } from '../gomod/modfile/index.ts';
import type { Problem } from './problem.ts';
import type { WorkingLine } from './working-lines.ts';

/**
 * K05: the last resort, for a file with lines that nobody can read. Unlike a new go.mod from `go mod init`, what is left
 * keeps each version, so that nothing is upgraded unseen.
 */
export function proposeRebuild(
  file: string,
  lost: readonly WorkingLine[],
  read: Modfile | undefined,
): Problem[] {
  const [first] = lost.toSorted((one, other) => one.number - other.number);
  if (first === undefined) return [];
  const count = `${lost.length} line${lost.length === 1 ? '' : 's'}`;
  const kept = read?.require.length ?? 0;
  return [
    {
      code: 'K05',
      severity: 'info',
      title: `last resort: the file without ${count} that cannot be read`,
      explanation:
        read === undefined
          ? 'Even then go could not read it; the file that was committed last is the better start.'
          : `${kept} requirement${kept === 1 ? '' : 's'} would keep their versions. What the lost lines asked for comes back by go mod tidy in the version that the others need, or the newest.`,
      line: first.number,
      text: first.original,
      hint: 'correct the lines by hand if you can; the last committed file tells what they were',
      command:
        read === undefined ? 'git diff HEAD -- go.mod' : 'cofferdam lint --fix --last-resort',
      edits:
        read === undefined
          ? []
          : lost.map(({ number }) => ({ file, line: number, lines: 1, text: '' })),
      isLastResort: true,
      dependsOn: ['K04'],
    },
  ];
}
