import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { startError } from './command-error.ts';
import { passOn } from './pass-on.ts';
import { groupRuns, signalGroup } from './process-group.ts';
import type { CopiedStreams, Processes, RunningProcess, StartOptions } from './processes.ts';
import { runCommand } from './run-command.ts';

export function createProcesses(): Processes {
  return { run: runCommand, start };
}

async function start(command: readonly string[], options: StartOptions): Promise<RunningProcess> {
  const [program = '', ...words] = command;
  const { streams } = options;
  const copied = streams === 'inherit' ? {} : streams;
  let child: ChildProcess;
  try {
    child = spawn(program, words, {
      cwd: options.directory,
      env: { ...options.environment },
      stdio: [
        'inherit',
        copied.stdout === undefined ? 'inherit' : 'pipe',
        copied.stderr === undefined ? 'inherit' : 'pipe',
      ],
      // Node's name for setsid(2); the child is still waited for.
      detached: options.ownSession,
    });
    await once(child, 'spawn');
  } catch (error) {
    throw startError(program, options.directory, error);
  }
  return watch(child, copied, options.ownSession);
}

function watch(child: ChildProcess, copied: CopiedStreams, leadsGroup: boolean): RunningProcess {
  const pid = child.pid ?? 0;
  const exited: RunningProcess['exited'] = new Promise((resolve) => {
    child.once('exit', (code, signal) =>
      resolve({ code: code ?? undefined, signal: signal ?? undefined }),
    );
  });
  // A signal that could not be delivered; the caller learns the rest from `exited`.
  child.on('error', () => undefined);
  return {
    pid,
    exited,
    drained: drain(child, copied),
    send(signal) {
      if (leadsGroup) signalGroup(pid, signal);
      else child.kill(signal);
    },
    groupAlive: () => leadsGroup && groupRuns(pid),
  };
}

async function drain(child: ChildProcess, { stdout, stderr }: CopiedStreams): Promise<void> {
  await Promise.all([
    stdout && passOn(child, child.stdout, process.stdout, stdout),
    stderr && passOn(child, child.stderr, process.stderr, stderr),
  ]);
}
