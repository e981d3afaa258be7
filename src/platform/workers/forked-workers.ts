import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { isSea } from 'node:sea';
import { CONNECTION, TAKEN } from './worker-processes.ts';
import type { WorkerProcess, WorkerProcesses } from './worker-processes.ts';

export interface WorkerProgram {
  /** What Node runs. */
  readonly file: string;
  readonly words: readonly string[];
  /** Flags for Node itself. */
  readonly flags: readonly string[];
}

/** On child processes with a channel. `node:cluster` loses a connection whose worker dies before it took it. */
export function createWorkerProcesses(program: WorkerProgram): WorkerProcesses {
  // A single executable is its own program: it takes neither a file nor flags for Node.
  const [file = '', ...words] = isSea() ? program.words : [program.file, ...program.words];
  const flags = isSea() ? [] : program.flags;
  return {
    start() {
      const child = fork(file, words, {
        execArgv: [...flags],
        // A test runner's mark would make the worker report to it.
        env: { ...process.env, NODE_TEST_CONTEXT: undefined },
        // What it has to say goes to the log on stderr; stdout belongs to the line `listening on`.
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      return wrap(child);
    },
  };
}

function wrap(child: ChildProcess): WorkerProcess {
  const exited = Promise.withResolvers<Awaited<WorkerProcess['exited']>>();
  /** Of connections under way, in the order in which they were sent. */
  const underWay: ((outcome: 'taken' | 'gone') => void)[] = [];
  let isGone = false;

  function end(code: number | null, signal: string | null): void {
    isGone = true;
    exited.resolve({ code: code ?? undefined, signal: signal ?? undefined });
    for (const settle of underWay.splice(0)) settle('gone');
  }

  // Not 'exit', which may come before its last words, nor 'disconnect', which never comes after a
  // connection that it did not take: 'close' comes when it has ended and its channel is read to the end.
  child.once('close', end);
  child.on('error', () => {
    // Could not be begun, or a message did not reach it: 'close' follows, or nothing is lost.
    if (child.pid === undefined) end(null, null);
  });
  child.on('message', (message) => {
    if (message === TAKEN) underWay.shift()?.('taken');
  });

  return {
    pid: child.pid ?? 0,
    send(message) {
      if (child.connected) child.send(message as object, () => undefined);
    },
    onMessage(listener) {
      child.on('message', (message) => {
        if (message !== TAKEN) listener(message);
      });
    },
    async handOver(connection) {
      if (isGone) return 'gone';
      const { promise, resolve } = Promise.withResolvers<'taken' | 'gone'>();
      underWay.push(resolve);
      // Kept open here, because the copy on its way goes with the worker.
      child.send(CONNECTION, connection, { keepOpen: true }, () => undefined);
      const outcome = await promise;
      if (outcome === 'taken') connection.destroy();
      return outcome;
    },
    exited: exited.promise,
    kill() {
      child.kill('SIGKILL');
    },
  };
}
