import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fstatSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { isatty } from 'node:tty';
import { makeChildPipes } from './child-pipes.ts';
import type { ChildPipe } from './child-pipes.ts';
import { startError } from './command-error.ts';
import { closeDescriptor } from './file-calls.ts';
import { passOn } from './pass-on.ts';
import { groupRuns, signalGroup } from './process-group.ts';
import type { CopiedStreams, Processes, RunningProcess, StartOptions } from './processes.ts';
import { runCommand } from './run-command.ts';

export function createProcesses(): Processes {
  return { run: runCommand, start };
}

async function start(command: readonly string[], options: StartOptions): Promise<RunningProcess> {
  const [program = '', ...words] = command;
  const copied = options.streams === 'inherit' ? {} : atOnePlace(options.streams);
  const streams = await makeStreams(copied);
  let child: ChildProcess;
  let exited: RunningProcess['exited'];
  try {
    child = spawn(program, words, {
      cwd: options.directory,
      env: { ...options.environment },
      stdio: ['inherit', streams.stdout.forChild, streams.stderr.forChild],
      // Node's name for setsid(2); the child is still waited for.
      detached: options.ownSession,
    });
    // At once: a short command ends while we wait below.
    exited = endOf(child);
    await once(child, 'spawn');
  } catch (error) {
    for (const { source } of streams.pipes) source.destroy();
    throw startError(program, options.directory, error);
  } finally {
    // The child has its own; with ours open the pipes would never end.
    await Promise.all(streams.pipes.map(({ writeEnd }) => closeDescriptor(writeEnd)));
  }
  const drained = drain(child, exited, copied, streams);
  return { ...watch(child, options.ownSession), exited, drained };
}

function endOf(child: ChildProcess): RunningProcess['exited'] {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) =>
      resolve({ code: code ?? undefined, signal: signal ?? undefined }),
    );
  });
}

/** What stands at one of the child's streams. */
interface ChildStream {
  readonly forChild: number | 'inherit' | 'pipe';
  /** Undefined where the child's own object has it. */
  readonly source?: Readable;
}

interface ChildStreams {
  readonly stdout: ChildStream;
  readonly stderr: ChildStream;
  readonly pipes: readonly ChildPipe[];
}

/** Which of the copies is wanted: of each stream, or of both together. */
function atOnePlace({ stdout, stderr, together }: CopiedStreams): CopiedStreams {
  return together !== undefined && outputsAreOne() ? { together } : { stdout, stderr };
}

/** A terminal stays one for the child. */
function outputsAreOne(): boolean {
  if (isatty(1)) return false;
  try {
    const [stdout, stderr] = [fstatSync(1), fstatSync(2)];
    return stdout.dev === stderr.dev && stdout.ino === stderr.ino;
  } catch {
    // One of them is closed.
    return false;
  }
}

async function makeStreams({ stdout, stderr, together }: CopiedStreams): Promise<ChildStreams> {
  const count = [stdout, stderr, together].filter((copy) => copy !== undefined).length;
  const pipes = count === 0 ? [] : ((await makeChildPipes(count)) ?? []);
  const ofStdout = streamFor(stdout ?? together, pipes[0]);
  const ofStderr = streamFor(stderr ?? together, pipes.at(-1));
  return { stdout: ofStdout, stderr: ofStderr, pipes };
}

function streamFor(copy: CopiedStreams['stdout'], pipe: ChildPipe | undefined): ChildStream {
  if (copy === undefined) return { forChild: 'inherit' };
  return pipe === undefined
    ? { forChild: 'pipe' }
    : { forChild: pipe.writeEnd, source: pipe.source };
}

function watch(
  child: ChildProcess,
  leadsGroup: boolean,
): Pick<RunningProcess, 'pid' | 'send' | 'groupAlive'> {
  const pid = child.pid ?? 0;
  // A signal that could not be delivered; the caller learns the rest from `exited`.
  child.on('error', () => undefined);
  return {
    pid,
    send(signal) {
      if (leadsGroup) signalGroup(pid, signal);
      else child.kill(signal);
    },
    groupAlive: () => leadsGroup && groupRuns(pid),
  };
}

async function drain(
  child: ChildProcess,
  exited: Promise<unknown>,
  { stdout, stderr, together }: CopiedStreams,
  streams: ChildStreams,
): Promise<void> {
  const { source } = streams.stdout;
  if (together !== undefined && source !== undefined) {
    await passOn(exited, source, process.stdout, together);
    return;
  }
  const [ofStdout, ofStderr] = [stdout ?? together, stderr ?? together];
  await Promise.all([
    ofStdout && passOn(exited, source ?? child.stdout, process.stdout, ofStdout),
    ofStderr && passOn(exited, streams.stderr.source ?? child.stderr, process.stderr, ofStderr),
  ]);
}
