import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { makeChildPipes } from './child-pipes.ts';
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
  const copied = options.streams === 'inherit' ? {} : options.streams;
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
    streams.stdout.source?.destroy();
    streams.stderr.source?.destroy();
    throw startError(program, options.directory, error);
  } finally {
    // The child has its own; with ours open the pipes would never end.
    await Promise.all([streams.stdout, streams.stderr].map(letGo));
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
}

async function makeStreams({ stdout, stderr }: CopiedStreams): Promise<ChildStreams> {
  const count = [stdout, stderr].filter((copy) => copy !== undefined).length;
  const pipes = count === 0 ? undefined : [...((await makeChildPipes(count)) ?? [])];
  function streamFor(copy: CopiedStreams['stdout']): ChildStream {
    if (copy === undefined) return { forChild: 'inherit' };
    const pipe = pipes?.shift();
    if (pipe === undefined) return { forChild: 'pipe' };
    return { forChild: pipe.writeEnd, source: pipe.source };
  }
  return { stdout: streamFor(stdout), stderr: streamFor(stderr) };
}

async function letGo({ forChild }: ChildStream): Promise<void> {
  if (typeof forChild === 'number') await closeDescriptor(forChild);
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
  { stdout, stderr }: CopiedStreams,
  streams: ChildStreams,
): Promise<void> {
  await Promise.all([
    stdout && passOn(exited, streams.stdout.source ?? child.stdout, process.stdout, stdout),
    stderr && passOn(exited, streams.stderr.source ?? child.stderr, process.stderr, stderr),
  ]);
}
