import type { Modfile } from '../gomod/modfile/index.ts';
import { checkImportPath } from '../gomod/path/index.ts';
import type { Problem } from './problem.ts';
import { editOf, lineAt, type WorkingLine } from './working-lines.ts';

/** What go assumes of a go.mod without a go line: https://go.dev/ref/mod#go-mod-file-go */
const ASSUMED_GO = '1.16';

/** K03: a go.mod without a module path, with one that cannot be, or without a go line. */
export function checkModuleLine(
  file: string,
  lines: WorkingLine[],
  read: Modfile,
  /** One that nobody can read is told elsewhere. */
  hasGoLine: boolean,
): Problem[] {
  const { module, go } = read;
  if (module === undefined || module.path === '') return [noModule()];
  const line = lineAt(lines, module.line.start?.line ?? 1);
  const wrong = checkImportPath(module.path);
  if (wrong !== undefined) return [badPath(file, line, wrong)];
  return go === undefined && !hasGoLine ? [noGoLine(file, lines, line)] : [];
}

function noModule(): Problem {
  return {
    code: 'K03',
    severity: 'error',
    title: 'there is no module line',
    explanation: 'Without the path of the module go builds nothing in this directory.',
    hint: 'name the path under which others import it',
    command: 'go mod edit -module=example.com/name',
  };
}

function badPath(file: string, line: WorkingLine | undefined, wrong: string): Problem {
  // The slashes of a URL begin a comment, so the path has to be read from the line.
  const [, meant = ''] =
    /^\s*module\s+(?:\w+:\/\/)(\S+?)(?:\.git)?\/*\s*$/.exec(line?.text ?? '') ?? [];
  const isPlain = meant !== '' && checkImportPath(meant) === undefined;
  if (line !== undefined && isPlain) line.text = `module ${meant}`;
  return {
    code: 'K03',
    severity: 'error',
    title: 'the module path cannot be',
    explanation: `go says: ${wrong}.`,
    line: line?.number,
    text: line?.original,
    hint: isPlain
      ? `a module path is no URL: write module ${meant}`
      : 'a path has a host, elements between slashes, and no blanks or scheme',
    ...(isPlain && line !== undefined ? { edits: [editOf(file, line)] } : {}),
  };
}

function noGoLine(file: string, lines: WorkingLine[], line: WorkingLine | undefined): Problem {
  const after = line ?? lines[0];
  if (after !== undefined) after.below = ['', `go ${ASSUMED_GO}`];
  return {
    code: 'K03',
    severity: 'warning',
    title: 'there is no go line',
    explanation: `go then reads the file as go ${ASSUMED_GO} did, without generics and with a longer list of what must be downloaded.`,
    line: after?.number,
    text: after?.original,
    hint: `write what is assumed now; then raise it on purpose, with go mod edit -go and go mod tidy`,
    ...(after === undefined ? {} : { edits: [editOf(file, after)] }),
  };
}
