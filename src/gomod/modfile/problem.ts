import type { Position } from './syntax.ts';

export interface ModfileProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The sentence alone, in Go's words. */
  readonly message: string;
}

/** What reading a file gives: `problem` is all problems as `go` prints them, one a line. */
export type ParsedFile<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string; readonly problems: readonly ModfileProblem[] };

export function problemAt(
  file: string,
  position: Position | undefined,
  message: string,
): ModfileProblem {
  return { file, line: position?.line ?? 0, column: position?.column ?? 0, message };
}

/** Go leaves column 1 out: most problems concern a whole line. */
function describe(problem: ModfileProblem): string {
  const column = problem.column > 1 ? `:${problem.column}` : '';
  return `${problem.file}:${problem.line}${column}: ${problem.message}`;
}

export function failedFile<T>(problems: readonly ModfileProblem[]): ParsedFile<T> {
  return { ok: false, problem: problems.map(describe).join('\n'), problems };
}

/** Says which directive, for which module, a problem concerns. */
export function aboutModule(verb: string, path: string, message: string): string {
  return path === '' ? `${verb}: ${message}` : `${verb} ${path}: ${message}`;
}
