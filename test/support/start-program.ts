import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { TestContext } from 'node:test';

export interface StartedProgram {
  readonly child: ChildProcess;
  /** From the line `listening on …`. */
  readonly address: string;
  stop(): Promise<number | null>;
}

export interface EndedProgram {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;

function launch(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  directory?: string,
): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(directory === undefined ? {} : { cwd: directory }),
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      // Every test of the server may be played with more than one process.
      COFFERDAM_WORKERS: process.env['COFFERDAM_WORKERS'],
      ...environment,
    },
  });
}

/** `cofferdam serve` as a program of its own, stopped with the test. */
export async function startProgram(
  test: TestContext,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<StartedProgram> {
  const child = launch(['serve', '--listen', '127.0.0.1:0', ...words], environment);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let text = '';
  let said = '';
  child.stderr?.on('data', (piece: Buffer) => (said += piece.toString()));
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (piece: Buffer) => {
      text += piece.toString();
      const match = /^listening on (\S+)\n/u.exec(text);
      if (match?.[1] !== undefined) resolve(match[1]);
    });
    void ended.then((code) => {
      reject(new Error(`serve ended with ${String(code)}: ${said}`));
    });
  });
  async function stop(): Promise<number | null> {
    child.kill('SIGTERM');
    return ended;
  }
  test.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, address, stop };
}

/** Any command of the program, to its end. */
export async function runProgram(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  directory?: string,
): Promise<EndedProgram> {
  const child = launch(words, environment, directory);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (piece: Buffer) => (stdout += piece.toString()));
  child.stderr?.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}
