import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeText } from '../../src/gomod/text/index.ts';

export interface Question {
  readonly function: string;
  readonly arguments: readonly string[];
}

export interface Oracle {
  /** Asks golang.org/x/mod; one answer for each question, in order. */
  readonly ask: (questions: readonly Question[]) => readonly unknown[];
  /** Runs `go mod edit` on a text and returns what it prints. */
  readonly edit: (
    flag: string,
    path: string,
  ) => { readonly code: number; readonly stdout: string; readonly stderr: string };
  readonly folder: string;
  readonly close: () => void;
}

/** Answers of a whole run are large: a go.mod text comes back several times. */
const LARGEST_ANSWER = 1024 * 1024 * 1024;

/** Few enough for one answer to fit in memory at ease. */
const QUESTIONS_AT_ONCE = 20_000;

function encodeQuestion(question: Question): string {
  const encoded = question.arguments.map((argument) =>
    Buffer.from(encodeText(argument)).toString('base64'),
  );
  return `${JSON.stringify({ function: question.function, arguments: encoded })}\n`;
}

function askProgram(program: string, questions: readonly Question[]): unknown[] {
  const input = questions.map(encodeQuestion).join('');
  const stdout = execFileSync(program, { input, encoding: 'utf8', maxBuffer: LARGEST_ANSWER });
  const answers = stdout.trimEnd().split('\n');
  if (answers.length !== questions.length)
    throw new Error(`${questions.length} questions, ${answers.length} answers`);
  return answers.map((answer): unknown => JSON.parse(answer));
}

/** Builds the Go program in a temporary folder with the `go` command that is here. */
export function buildOracle(): Oracle {
  const folder = mkdtempSync(join(tmpdir(), 'cofferdam-oracle-'));
  const source = join(folder, 'source');
  const program = join(folder, 'gomod-oracle');
  const environment = { ...process.env, GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local', GOWORK: 'off' };
  cpSync(join(import.meta.dirname, 'gomod-oracle'), source, { recursive: true });
  execFileSync('go', ['build', '-o', program, '.'], {
    cwd: source,
    env: environment,
    stdio: 'inherit',
  });
  return {
    folder,
    ask: (questions) => {
      const answers: unknown[] = [];
      for (let start = 0; start < questions.length; start += QUESTIONS_AT_ONCE) {
        answers.push(...askProgram(program, questions.slice(start, start + QUESTIONS_AT_ONCE)));
      }
      return answers;
    },
    edit: (flag, path) => {
      const options = {
        cwd: folder,
        env: environment,
        encoding: 'utf8',
        maxBuffer: LARGEST_ANSWER,
      } as const;
      const { status, stdout, stderr } = spawnSync('go', ['mod', 'edit', flag, path], options);
      return { code: status ?? -1, stdout, stderr };
    },
    close: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
