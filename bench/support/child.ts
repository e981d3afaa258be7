import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { ChildProcess } from 'node:child_process';

/** A server that takes longer to say where it listens is broken. */
const START_MILLISECONDS = 30_000;
/** After SIGTERM; then SIGKILL. */
const STOP_MILLISECONDS = 10_000;

export interface RunningServer {
  readonly url: string;
  readonly pid: number;
  /** Lines of stdout after the first. */
  readonly lines: readonly string[];
  stop(): Promise<void>;
}

/** Starts a server whose first line on stdout is `listening on URL`. */
export async function startServer(
  command: readonly string[],
  directory: string,
): Promise<RunningServer> {
  const [program = '', ...words] = command;
  const child = spawn(program, words, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  stopAtExit(child);
  const errors: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors.push(text);
    // Only the end explains a failure; a server may log for minutes.
    if (errors.length > 100) errors.shift();
  });
  const lines: string[] = [];
  const first = await firstLine(child, lines).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw new Error(`${command.join(' ')} did not start:\n${errors.join('')}`, { cause: error });
  });
  const url = /^listening on (https?:\/\/\S+)$/.exec(first)?.[1];
  if (url === undefined || child.pid === undefined) {
    child.kill('SIGKILL');
    throw new Error(`${program} said "${first}" instead of "listening on URL"`);
  }
  return { url, pid: child.pid, lines, stop: async () => stopChild(child) };
}

async function firstLine(child: ChildProcess, rest: string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  if (child.stdout === null) throw new Error('no stdout');
  const timer = setTimeout(() => reject(new Error('no line in time')), START_MILLISECONDS);
  let seen = false;
  createInterface(child.stdout).on('line', (line) => {
    if (seen) rest.push(line);
    else resolve(line);
    seen = true;
  });
  child.once('error', reject);
  child.once('close', (code) => reject(new Error(`exit code ${code ?? 'none'}`)));
  return promise.finally(() => clearTimeout(timer));
}

const running = new Set<ChildProcess>();

/** However the benchmark ends, nothing that it started stays. */
export function stopAtExit(child: ChildProcess): void {
  function stop(): void {
    child.kill('SIGTERM');
  }
  function forget(): void {
    running.delete(child);
    process.off('exit', stop);
  }
  running.add(child);
  process.once('exit', stop);
  child.once('exit', forget);
  // It never started.
  child.once('error', forget);
}

/** What was started and has not ended. */
export function runningChildren(): ReadonlySet<ChildProcess> {
  return new Set(running);
}

export async function stopAllBut(kept: ReadonlySet<ChildProcess>): Promise<void> {
  const left = [...running].filter((child) => !kept.has(child));
  await Promise.all(left.map(async (child) => stopChild(child)));
}

/** TERM, then KILL. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MILLISECONDS);
  await gone;
  clearTimeout(timer);
}

export interface Finished {
  readonly output: string;
  readonly milliseconds: number;
}

/** Runs to the end; a code other than 0 throws with what the program said. */
export async function runToEnd(
  command: readonly string[],
  directory: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Finished> {
  const [program = '', ...words] = command;
  const begun = performance.now();
  const child = spawn(program, words, {
    cwd: directory,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  stopAtExit(child);
  const pieces: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  child.stderr.on('data', (piece: Buffer) => pieces.push(piece));
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject);
  child.once('close', resolve);
  const code = await promise;
  const milliseconds = performance.now() - begun;
  const output = Buffer.concat(pieces).toString();
  if (code !== 0)
    throw new Error(
      `${command.join(' ')} ended with ${code ?? 'a signal'}:\n${output.slice(-2000)}`,
    );
  return { output, milliseconds };
}
