import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';

export interface ChildOptions {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly onStdout: (line: string) => void;
  readonly onStderr: (line: string) => void;
}

export interface Child {
  /** Exit code, or the name of the signal that ended it; after its last line was handed on. */
  readonly ended: Promise<number | string>;
  /** TERM to the whole group, then KILL when it is still there after the grace time. */
  stop(graceMilliseconds: number): Promise<void>;
}

export interface Children {
  start(command: readonly string[], options: ChildOptions): Child;
  /** The last resort when the program ends in a way that leaves no time to wait. */
  killAll(): void;
}

/** Each child leads a process group of its own, so that its grandchildren go with it. */
export function createChildren(): Children {
  const running = new Set<ChildProcess>();
  return {
    start(command, options) {
      const [program, ...parameters] = command;
      if (program === undefined) throw new Error('An empty command cannot be started.');
      const child = spawn(program, parameters, {
        cwd: options.directory,
        env: { ...options.environment },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      });
      running.add(child);
      const ended = watch(child, options).finally(() => running.delete(child));
      ended.catch(() => {});
      return {
        ended,
        async stop(graceMilliseconds) {
          if (!running.has(child)) return;
          signalGroup(child, 'SIGTERM');
          const killer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMilliseconds);
          await ended.catch(() => {});
          clearTimeout(killer);
          // Grandchildren that ignored TERM may outlive their parent.
          signalGroup(child, 'SIGKILL');
        },
      };
    },
    killAll() {
      for (const child of running) signalGroup(child, 'SIGKILL');
    },
  };
}

/** A child that has ended may leave its streams open in a grandchild that it lost: wait no longer than this for them. */
const streamGraceMilliseconds = 2_000;

async function watch(child: ChildProcess, options: ChildOptions): Promise<number | string> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('The child has no output streams.');
  createInterface({ input: stdout, crlfDelay: Infinity }).on('line', options.onStdout);
  createInterface({ input: stderr, crlfDelay: Infinity }).on('line', options.onStderr);
  const streams = Promise.allSettled([finished(stdout), finished(stderr)]);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise((resolve) => (timer = setTimeout(resolve, streamGraceMilliseconds)));
  await Promise.race([streams, grace]);
  clearTimeout(timer);
  // One turn more: the line reader hands on its last line after its stream has ended.
  await new Promise((resolve) => setImmediate(resolve));
  return code ?? signal ?? 'unknown';
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}
