import cluster from 'node:cluster';
import type { Worker } from 'node:cluster';
import type { WorkerProcess, WorkerProcesses } from './worker-processes.ts';

export interface WorkerProgram {
  /** What Node runs. */
  readonly file: string;
  readonly words: readonly string[];
  /** Flags for Node itself. */
  readonly flags: readonly string[];
}

/**
 * On `node:cluster`: the primary accepts connections and hands them out in turn, so that keep-alive
 * connections spread evenly, and one that waits to be accepted outlives the death of a worker.
 */
export function createWorkerProcesses(program: WorkerProgram): WorkerProcesses {
  return {
    start() {
      cluster.schedulingPolicy = cluster.SCHED_RR;
      cluster.setupPrimary({
        exec: program.file,
        args: [...program.words],
        execArgv: [...program.flags],
        // What it has to say goes to the log on stderr; stdout belongs to the line `listening on`.
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      // A test runner's mark would make the worker report to it.
      return wrap(cluster.fork({ NODE_TEST_CONTEXT: undefined }));
    },
  };
}

function wrap(worker: Worker): WorkerProcess {
  const exited = Promise.withResolvers<Awaited<WorkerProcess['exited']>>();
  worker.once('exit', (code: number | null, signal: string | null) => {
    exited.resolve({ code: code ?? undefined, signal: signal ?? undefined });
  });
  worker.on('error', () => {
    // Could not be begun, or a message did not reach it: 'exit' follows, or nothing is lost.
    if (worker.process.pid === undefined) exited.resolve({ code: undefined, signal: undefined });
  });
  return {
    pid: worker.process.pid ?? 0,
    send(message) {
      if (worker.isConnected()) worker.send(message as object, () => undefined);
    },
    onMessage(listener) {
      worker.on('message', listener);
    },
    exited: exited.promise,
    kill() {
      worker.process.kill('SIGKILL');
    },
  };
}
