import type { ModfileProblem, ParsedFile } from '../gomod/modfile/index.ts';
import { compareGoVersions } from '../gomod/version/index.ts';
import { shortVersion } from './check-versions.ts';
import { guessLine } from './meant-lines.ts';
import type { ManifestCode, Problem } from './problem.ts';
import { editOf, lineAt, rowsToLines, textOf, type WorkingLine } from './working-lines.ts';

/** Above it a file is no go.mod with mistakes but something else. */
const MOST_PROBLEMS = 100;
/** Each round reads the whole file once. */
const MOST_ROUNDS = 60;

export interface Repaired<T> {
  /** Undefined where even the lines that are left say nothing. */
  readonly value: T | undefined;
  readonly problems: readonly Problem[];
  /** Lines that nobody can read. */
  readonly lost: readonly WorkingLine[];
}

/** Each guess is read with the whole file; a large file with many mistakes gets few. */
const MOST_GUESSED_CHARACTERS = 20_000_000;
const GAVE_UP = {
  ok: false,
  problem: '',
  problems: [{ file: '', line: 0, column: 0, message: '' }],
} as const;

type Parse<T> = (text: string) => ParsedFile<T>;

/**
 * Reads a file that `go` may refuse: each line that it refuses is mended where its meaning is plain, else left out, and
 * the rest is read. A guess counts only when `go`'s own rules accept it.
 */
export function repairLines<T>(file: string, lines: WorkingLine[], parse: Parse<T>): Repaired<T> {
  const problems: Problem[] = [];
  const lost: WorkingLine[] = [];
  let left = MOST_GUESSED_CHARACTERS;
  function limited(text: string): ParsedFile<T> {
    left -= text.length;
    return left > 0 ? parse(text) : GAVE_UP;
  }
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const parsed = parse(textOf(lines));
    if (parsed.ok) return { value: parsed.value, problems, lost };
    const concerned = new Map<WorkingLine, ModfileProblem>();
    const rows = rowsToLines(lines);
    for (const problem of parsed.problems.slice(0, MOST_PROBLEMS)) {
      const line = rows[problem.line - 1] ?? rows.at(-1);
      if (line !== undefined && !concerned.has(line)) concerned.set(line, problem);
    }
    // From the end, so that the numbers of the lines above stay right.
    for (const [line, problem] of [...concerned].toReversed()) {
      if (problems.length >= MOST_PROBLEMS) return { value: undefined, problems, lost };
      problems.push(mend(file, lines, line, problem, limited, lost));
    }
    if (concerned.size === 0) break;
  }
  return { value: undefined, problems, lost };
}

function mend<T>(
  file: string,
  lines: readonly WorkingLine[],
  line: WorkingLine,
  problem: ModfileProblem,
  parse: Parse<T>,
  lost: WorkingLine[],
): Problem {
  const message = problem.message.split('\n')[0] ?? '';
  const code = codeOf(message, line.original);
  const about = {
    code,
    severity: 'error',
    title: titleOf(code, message),
    explanation: `go refuses the file: ${message}.`,
    line: line.number,
    text: line.original,
  } as const;
  if (isUnterminated(message)) {
    const last = endOfBlock(lines, message) ?? line;
    last.below = [')'];
    return { ...about, hint: 'close the block', edits: [editOf(file, last)] };
  }
  const kept = keepOne(lines, line, message);
  if (kept !== undefined) {
    const edits = [...new Set([kept, line])].map((changed) => editOf(file, changed));
    return { ...about, hint: `keep ${kept.text?.trim() ?? 'one'} and remove the other`, edits };
  }
  const before = line.text ?? '';
  const meant = candidates(before, message).find((guess) => {
    line.text = guess;
    const again = parse(textOf(lines));
    if (again.ok || again === GAVE_UP) return again.ok;
    const rows = rowsToLines(lines);
    return !again.problems.some((other) => (rows[other.line - 1] ?? rows.at(-1)) === line);
  });
  if (meant !== undefined || isRemovable(before, message)) {
    line.text = meant;
    const hint = meant === undefined ? 'remove the line' : `write ${meant.trim()}`;
    return { ...about, hint, edits: [editOf(file, line)] };
  }
  line.text = undefined;
  lost.push(line);
  return { ...about, ...adviceFor(code, message, before) };
}

/** A file of many bad lines is read again for each guess, so only a few are tried. */
const MOST_GUESSES = 4;

function candidates(line: string, message: string): readonly string[] {
  if (/^(?:repeated|syntax error)/.test(message)) return [];
  return guessLine(line)
    .slice(0, MOST_GUESSES)
    .filter((guess) => shortVersion(guess) === undefined);
}

function isUnterminated(message: string): boolean {
  return message.startsWith('syntax error (unterminated block');
}

/** Of two lines of one kind the one that says more: equal ones are one, and a higher go line has the lower one in it. */
function keepOne(
  lines: readonly WorkingLine[],
  line: WorkingLine,
  message: string,
): WorkingLine | undefined {
  const verb = /^repeated (go|toolchain|module) statement$/.exec(message)?.[1];
  if (verb === undefined) return undefined;
  const first = lines.find(({ text }) => text?.trimStart().startsWith(`${verb} `) === true);
  const [one, other] = [first, line].map((each) => wordsOf(each?.text ?? '')[1] ?? '');
  if (first === undefined || first === line || one === undefined || other === undefined) {
    return undefined;
  }
  if (one !== other && verb === 'module') return undefined;
  const isHigher =
    verb === 'go'
      ? compareGoVersions(other, one) > 0
      : compareGoVersions(other.replace(/^go/, ''), one.replace(/^go/, '')) > 0;
  if (isHigher) first.text = line.text;
  line.text = undefined;
  return first;
}

function wordsOf(line: string): readonly string[] {
  return line
    .replace(/\/\/.*$/, '')
    .trim()
    .split(/\s+/);
}

/** The last line before the next directive, or of the file. */
function endOfBlock(lines: readonly WorkingLine[], message: string): WorkingLine | undefined {
  const start = Number(/:(\d+):\d+\)$/.exec(message)?.[1] ?? 1);
  const rest = lines.slice(lines.indexOf(lineAt(lines, start) as WorkingLine) + 1);
  const next = rest.findIndex(({ text }) => DIRECTIVE.test(text ?? ''));
  const inside = next === -1 ? rest : rest.slice(0, next);
  return inside.findLast(({ text }) => text !== undefined && text.trim() !== '');
}

/** At the start of a line, which lines of a block are not. */
const DIRECTIVE =
  /^(?:module|go|toolchain|require|replace|exclude|retract|tool|ignore|use|godebug)\s/;

/** A parenthesis that closes nothing. */
function isRemovable(line: string, message: string): boolean {
  return message === 'unknown directive: )' && line.trim() === ')';
}

function codeOf(message: string, line: string): ManifestCode {
  if (/\b(?:go version|go directive|go statement|toolchain)\b/.test(message)) return 'K01';
  if (
    message.startsWith('unknown directive:') &&
    /^\s*go(?:lang)?(?:[\s=:]*v?\d|[:=]?\s)/i.test(line)
  ) {
    return 'K01';
  }
  if (/^usage: module|^repeated module statement/.test(message)) return 'K03';
  if (/^\s*module\b/.test(line)) return 'K03';
  if (/^replace|^replacement|^usage: replace/.test(message)) return 'K06';
  return 'K04';
}

const TITLES: Readonly<Partial<Record<ManifestCode, string>>> = {
  K01: 'the go or toolchain line cannot be read',
  K03: 'the module line cannot be read',
  K06: 'a replace line cannot be read',
};

function titleOf(code: ManifestCode, message: string): string {
  if (message.startsWith('repeated')) return message.replace('statement', 'line');
  return TITLES[code] ?? 'a line cannot be read';
}

type Advice = Pick<Problem, 'hint' | 'command'>;

function adviceFor(code: ManifestCode, message: string, line: string): Advice {
  const [, path = 'MODULE', version = ''] = /^\s*(?:require\s+)?(\S+)\s+(\S+)/.exec(line) ?? [];
  const major = /should be v0 or v1, not (v\d+)/.exec(message)?.[1];
  if (major !== undefined) {
    return {
      hint: `the path of ${major} ends in /${major} when its author has made it so, and its imports with it; else the version ends in +incompatible`,
      command: `go get ${path}/${major}@${version}`,
    };
  }
  if (/must be of the form v1\.2\.3/.test(message)) {
    return {
      hint: 'a branch or commit becomes a version by go get, which needs the network',
      command: `go get ${path}@${version}`,
    };
  }
  if (code === 'K01') {
    return { hint: 'name the version of Go that the code needs', command: 'go mod edit -go=1.26' };
  }
  if (code === 'K03') {
    return {
      hint: 'name the path under which others import it',
      command: 'go mod edit -module=example.com/name',
    };
  }
  if (message.startsWith('repeated')) return { hint: 'keep one of the two' };
  return { hint: 'correct or remove the line', command: 'go mod edit -json' };
}
