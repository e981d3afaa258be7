import type { Modfile, ModuleVersion } from '../gomod/modfile/index.ts';
import { parseSumfile, type SumEntry } from '../gomod/sumfile/index.ts';
import type { Problem } from './problem.ts';
import { readLines } from './working-lines.ts';
import { takeOutMarks } from './conflict-marks.ts';

/** SHA-256 in base64, which is all that go writes so far. */
const HASH = /^h1:[A-Za-z0-9+/]{43}=$/;
/** Nobody reads more of one kind. */
const MOST_PROBLEMS = 50;

/** K07, as far as the text goes: lines that are none, hashes that cannot be, two hashes for one thing. */
export function checkSums(file: string, text: string): Problem[] {
  const lines = readLines(text);
  const marks = takeOutMarks(file, lines).map((problem): Problem => ({
    ...problem,
    code: 'K07',
    title: 'a merge left its marks in go.sum',
  }));
  const marked = new Set(
    lines.filter((line) => line.text === undefined).map(({ number }) => number),
  );
  const { entries, problems } = parseSumfile(file, text);
  const malformed = problems
    .filter(({ line }) => !marked.has(line))
    .map(({ line }): Problem => ({
      ...ofLine(line, lines[line - 1]?.original ?? ''),
      title: 'a line of go.sum has not three words',
      explanation: 'go refuses the whole file. A line is a path, a version and a hash.',
      hint: 'remove the line; go mod tidy writes what is missing, and a hash that is there is never replaced',
      edits: [{ file, line, lines: 1, text: '' }],
    }));
  const bad = entries
    .filter(({ hash }) => hash.startsWith('h1:') && !HASH.test(hash))
    .map(({ line = 0 }): Problem => ({
      ...ofLine(line, lines[line - 1]?.original ?? ''),
      title: 'a hash of go.sum is cut or changed',
      explanation: 'It is not 32 bytes in base64, so no download can ever fit.',
      hint: 'look into the history of the file for what it was',
      command: 'git log -p -- go.sum',
    }));
  const found = [...marks, ...malformed, ...bad, ...contradictions(entries, lines)];
  return found.slice(0, MOST_PROBLEMS);
}

function ofLine(line: number, text: string): Pick<Problem, 'code' | 'severity' | 'line' | 'text'> {
  return { code: 'K07', severity: 'error', line, text };
}

function contradictions(
  entries: readonly SumEntry[],
  lines: readonly { readonly original: string }[],
): Problem[] {
  const groups = Map.groupBy(
    entries.filter(({ hash }) => HASH.test(hash)),
    ({ path, version }) => `${path} ${version}`,
  );
  return [...groups].flatMap(([name, group]) => {
    const other = group.find(({ hash }) => hash !== group[0]?.hash);
    if (other === undefined) return [];
    return [
      {
        ...ofLine(other.line ?? 0, lines[(other.line ?? 1) - 1]?.original ?? ''),
        title: `go.sum has two hashes for ${name}`,
        explanation:
          'One of them is of other bytes: a merge, a moved tag or an attack. go takes a download that fits either, so the file no longer decides.',
        hint: 'see who added each line, and keep the one that the checksum database has',
        command: 'git log -p -- go.sum',
      },
    ];
  });
}

/** K07: what go.mod needs and go.sum does not know. `sums` are all files that go would read, or none. */
export function checkMissingSums(
  file: string,
  read: Modfile,
  sums: readonly SumEntry[] | undefined,
): Problem[] {
  const needed = read.require.flatMap(({ module }) => {
    const actual = replaced(read, module);
    return actual === undefined || isExcluded(read, module) ? [] : [actual];
  });
  if (needed.length === 0) return [];
  if (sums === undefined) {
    return [
      {
        code: 'K07',
        severity: 'warning',
        title: 'there is no go.sum beside go.mod',
        explanation: `go.mod requires ${needed.length} module${needed.length === 1 ? '' : 's'}, and nothing here says what their bytes are. A build stops, and go mod download believes whoever answers first.`,
        hint: 'make it and commit it',
        command: 'go mod tidy',
      },
    ];
  }
  const known = new Set(
    sums.map(({ path, version }) => `${path} ${version.replace(/\/go\.mod$/, '')}`),
  );
  return needed
    .filter(({ path, version }) => !known.has(`${path} ${version}`))
    .slice(0, MOST_PROBLEMS)
    .map(({ path, version }) => ({
      code: 'K07',
      severity: 'warning',
      title: `go.sum does not know ${path}@${version}`,
      explanation: `${file} requires it. A build that needs it stops with "missing go.sum entry".`,
      hint: 'let go add what is missing, and commit both files',
      command: 'go mod tidy',
    }));
}

/** What is fetched in place of a module; undefined for a directory. */
function replaced(read: Modfile, module: ModuleVersion): ModuleVersion | undefined {
  const rule =
    read.replace.find(({ old }) => old.path === module.path && old.version === module.version) ??
    read.replace.find(({ old }) => old.path === module.path && old.version === '');
  if (rule === undefined) return module;
  return rule.new.version === '' ? undefined : rule.new;
}

function isExcluded(read: Modfile, { path, version }: ModuleVersion): boolean {
  return read.exclude.some(({ module }) => module.path === path && module.version === version);
}
