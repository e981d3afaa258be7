import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface ServerProcess {
  readonly pid: number;
  readonly url: string;
  /** The end of its log. */
  log(): string;
  /** TERM, then KILL. */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

const START_MILLISECONDS = 30_000;
const STOP_MILLISECONDS = 5000;
const KEPT_CHARACTERS = 8000;

export interface ServerCommand {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) signalGroup(child, 'SIGKILL');
});

/** Starts a server whose first line on stdout is `listening on URL`. */
export async function startAnnounced(command: ServerCommand): Promise<ServerProcess> {
  const { child, said, gone } = launch(command);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let output = '';
  child.stdout?.on('data', (piece: Buffer) => {
    if (output.length > KEPT_CHARACTERS) return;
    output += piece.toString();
    const url = /^listening on (\S+)\n/u.exec(output)?.[1];
    if (url !== undefined) resolve(url);
  });
  void gone.then(() => reject(new Error(`the server ended before it listened:\n${said()}`)));
  const timer = setTimeout(() => reject(new Error('the server is late')), START_MILLISECONDS);
  try {
    return handle(child, await promise, said, gone);
  } catch (error) {
    signalGroup(child, 'SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Starts a server that listens on `url` without saying so: ready once `probe` answers below 500. */
export async function startProbed(
  command: ServerCommand,
  url: string,
  probe: string,
): Promise<ServerProcess> {
  const { child, said, gone } = launch(command);
  let hasEnded = false;
  void gone.then(() => {
    hasEnded = true;
  });
  const late = performance.now() + START_MILLISECONDS;
  while (performance.now() < late && !hasEnded) {
    const status = await fetch(url + probe).then(
      ({ status }) => status,
      () => 599,
    );
    if (status < 500) return handle(child, url, said, gone);
    await pause(50);
  }
  signalGroup(child, 'SIGKILL');
  throw new Error(`${command.command[0] ?? ''} does not answer:\n${said()}`);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function launch({ command, environment, directory }: ServerCommand): {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly gone: Promise<void>;
} {
  const [program = '', ...words] = command;
  const child = spawn(program, words, {
    cwd: directory,
    env: { PATH: process.env['PATH'], HOME: directory, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  running.add(child);
  let log = '';
  child.stderr.on('data', (piece: Buffer) => {
    log = (log + piece.toString()).slice(-KEPT_CHARACTERS);
  });
  const gone = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  void gone.then(() => running.delete(child));
  return { child, said: () => log, gone };
}

function handle(
  child: ChildProcess,
  url: string,
  log: () => string,
  gone: Promise<void>,
): ServerProcess {
  async function kill(): Promise<void> {
    signalGroup(child, 'SIGKILL');
    await gone;
  }
  return {
    pid: child.pid ?? 0,
    url,
    log,
    kill,
    async stop() {
      signalGroup(child, 'SIGTERM');
      const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), STOP_MILLISECONDS);
      await gone;
      clearTimeout(timer);
      // Its children (Athens runs go) may outlive it.
      signalGroup(child, 'SIGKILL');
    },
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}
