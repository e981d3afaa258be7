import { spawn } from 'node:child_process';
import { readFiles, watchChildren, type Seen } from './watch.ts';
import type { Home } from './home.ts';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;
/** The machine may be busy; nothing here waits for a network. */
const LIMIT_MILLISECONDS = 240_000;

export interface Command {
  readonly name: string;
  /** Behind `cofferdam`; or a whole command line with `program`. */
  readonly words: readonly string[];
  readonly program?: readonly string[];
  readonly input?: string;
  readonly directory?: string;
  /** What the child itself writes, which passes as it is. */
  readonly passes?: readonly string[];
  /** Asks a server while it runs; then it is stopped. */
  readonly visit?: (address: string) => Promise<readonly Seen[]>;
}

/** Everything that one command let the world see. */
export async function play(home: Home, command: Command): Promise<readonly Seen[]> {
  const [program, ...words] = command.program ?? [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    MAIN,
    ...command.words,
  ];
  const child = spawn(program ?? '', words, {
    cwd: command.directory ?? home.project,
    env: home.environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const watching = watchChildren(() => child.pid, home.environment);
  let [out, err] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString('latin1')));
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString('latin1')));
  child.stdin.on('error', () => undefined);
  child.stdin.end(command.input ?? '');
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => {
      resolve();
    });
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MILLISECONDS);
  const visited: Seen[] = [];
  if (command.visit !== undefined) {
    const address = await listening(
      () => out,
      () => err,
      ended,
    );
    visited.push(...(await command.visit(address)));
    child.kill('SIGTERM');
  }
  await ended;
  clearTimeout(timer);
  const passes = command.passes ?? [];
  const streams = [
    { place: 'stdout', text: without(out, passes) },
    { place: 'stderr', text: without(err, passes) },
  ];
  return [...streams, ...visited, ...watching.stop(), ...readFiles([home.folder], home.planted)];
}

/** Each line once: what stands there a second time is ours. */
function without(text: string, lines: readonly string[]): string {
  let left = text;
  for (const line of lines) left = left.replace(line, '');
  return left;
}

async function listening(
  said: () => string,
  complained: () => string,
  ended: Promise<void>,
): Promise<string> {
  let isOver = false;
  void ended.then(() => (isOver = true));
  for (;;) {
    const address = /^listening on (\S+)$/m.exec(said())?.[1];
    if (address !== undefined) return address;
    if (isOver) throw new Error(`the server ended before it listened: ${complained()}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}
