import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { outputError, startError, timeoutError } from './command-error.ts';
import { signalGroup } from './process-group.ts';
import type { RunOptions, RunResult } from './processes.ts';
import { startTimer } from './timers.ts';

/** Between the request to end and the kill: enough for git to remove its lock files. */
const GENTLE_MILLISECONDS = 2000;
/**
 * After the program's own end its pipes may stay open in something it left behind (a connection that
 * ssh shares, a `git gc` in the background); what has not come by then is not output of the program.
 */
const PIPES_MILLISECONDS = 1000;

/** Runs a command to its end in a process group of its own, with bounded output and time. */
export function runCommand(command: readonly string[], options: RunOptions): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const { signal } = options;
    signal?.throwIfAborted();
    const [program = '', ...words] = command;
    const child = spawnGroup(program, words, options);
    const stop = createStop(child);
    const output = createOutput(child, options.maximumOutputBytes, () =>
      stop.because(outputError(program, options.maximumOutputBytes)),
    );
    const timer = startTimer(options.timeoutMilliseconds, false, () =>
      stop.because(timeoutError(program, options.timeoutMilliseconds)),
    );
    function onAbort(): void {
      stop.because(signal?.reason);
    }
    signal?.addEventListener('abort', onAbort, { once: true });

    function settle(done: () => void): void {
      timer.cancel();
      stop.finish();
      signal?.removeEventListener('abort', onAbort);
      done();
    }

    child.on('error', (error) => {
      // Errors after the start (a signal not delivered) change nothing: the end is awaited.
      if (child.pid !== undefined) return;
      settle(() => reject(startError(program, options.directory, error)));
    });
    child.on('exit', () => output.endWithin(PIPES_MILLISECONDS));
    child.on('close', (code, signalName) => {
      if (child.pid === undefined) return;
      settle(() => {
        if (stop.reason === undefined) resolve(result(code, signalName, output));
        else reject(stop.reason);
      });
    });
  });
}

function spawnGroup(program: string, words: readonly string[], options: RunOptions): ChildProcess {
  try {
    const child = spawn(program, words, {
      cwd: options.directory,
      env: { ...options.environment },
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    // A program may end without reading its input.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input);
    return child;
  } catch (error) {
    throw startError(program, options.directory, error);
  }
}

interface Stop {
  readonly reason: Error | undefined;
  because(reason: unknown): void;
  finish(): void;
}

/** Ends the whole group, gently and then firmly; the first reason counts. */
function createStop(child: ChildProcess): Stop {
  let reason: Error | undefined;
  let kill: { cancel(): void } | undefined;

  function because(why: unknown): void {
    if (reason !== undefined || child.pid === undefined) return;
    const leader = child.pid;
    reason = why instanceof Error ? why : new Error('the command was stopped', { cause: why });
    signalGroup(leader, 'SIGTERM');
    kill = startTimer(GENTLE_MILLISECONDS, false, () => void signalGroup(leader, 'SIGKILL'));
  }

  return {
    get reason() {
      return reason;
    },
    because,
    finish() {
      kill?.cancel();
      // Members that outlive the leader must not outlive a stop.
      if (reason !== undefined && child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    },
  };
}

interface Output {
  stdout(): Buffer;
  stderr(): Buffer;
  endWithin(milliseconds: number): void;
}

function createOutput(child: ChildProcess, limitBytes: number, tooLarge: () => void): Output {
  const streams = [child.stdout, child.stderr];
  const pieces: Buffer[][] = streams.map(() => []);
  let total = 0;
  for (const [index, stream] of streams.entries()) {
    stream?.on('data', (piece: Buffer) => {
      total += piece.length;
      if (total > limitBytes) tooLarge();
      else pieces[index]?.push(piece);
    });
  }

  function endWithin(milliseconds: number): void {
    const timer = startTimer(milliseconds, false, () => {
      for (const stream of streams) stream?.destroy();
    });
    child.once('close', () => timer.cancel());
  }

  return {
    stdout: () => Buffer.concat(pieces[0] ?? []),
    stderr: () => Buffer.concat(pieces[1] ?? []),
    endWithin,
  };
}

function result(code: number | null, signal: string | null, output: Output): RunResult {
  return {
    code: code ?? undefined,
    signal: signal ?? undefined,
    stdout: output.stdout(),
    stderr: output.stderr(),
  };
}
