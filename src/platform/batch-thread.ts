import { Worker } from 'node:worker_threads';
import type { Transferable } from 'node:worker_threads';

/** A thread that does many small tasks, and takes them in batches. */
export interface BatchThread<Task, Result> {
  /** Rejects only when the thread ended; what became of the task is in its result. */
  run(task: Task): Promise<Result>;
  /** Whether it runs already; when not, it is started now. */
  isUp(): boolean;
}

export interface BatchThreadSettings<Task> {
  /** Its module, which answers an array of tasks with the array of their results. */
  readonly entry: URL;
  /** For people who look at the threads of the process. */
  readonly name: string;
  /** For the error when it ends. */
  readonly job: string;
  readonly transfer?: (task: Task) => Transferable;
}

interface Waiting<Task, Result> {
  readonly task: Task;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** More at once would keep the first ones of a batch waiting for the last; less wakes the thread more often. */
const BATCH_MAXIMUM = 64;

/**
 * System calls on small files, each as a call of its own through Node's pool, cost the event loop more
 * than the disk does. While one batch runs in the thread, the next one gathers.
 */
export function createBatchThread<Task, Result>(
  settings: BatchThreadSettings<Task>,
): BatchThread<Task, Result> {
  const queue: Waiting<Task, Result>[] = [];
  let running: Waiting<Task, Result>[] = [];
  let worker: Worker | undefined;
  let isOnline = false;

  function startThread(): Worker {
    const { entry, name, job } = settings;
    const started = new Worker(entry, { execArgv: [], env: {}, name });
    started.once('online', () => {
      isOnline = true;
    });
    started.on('message', (results: readonly Result[]) => {
      const done = running;
      running = [];
      for (const [index, waiting] of done.entries()) {
        // The thread answers every task, and undefined is an answer too.
        waiting.resolve(results[index] as Result);
      }
      next();
    });
    const end = (cause: unknown): void => {
      if (worker !== started) return;
      worker = undefined;
      isOnline = false;
      const lost = running;
      running = [];
      for (const waiting of lost) {
        waiting.reject(new Error(`the thread that ${job} ended unexpectedly`, { cause }));
      }
      next();
    };
    started.on('error', end);
    started.on('exit', end);
    return started;
  }

  function next(): void {
    if (running.length > 0) return;
    if (queue.length === 0) {
      // An idle thread must not keep the program alive.
      worker?.unref();
      return;
    }
    running = queue.splice(0, BATCH_MAXIMUM);
    worker ??= startThread();
    worker.ref();
    const tasks = running.map((waiting) => waiting.task);
    const { transfer } = settings;
    worker.postMessage(tasks, transfer === undefined ? [] : tasks.map(transfer));
  }

  return {
    async run(task) {
      return new Promise((resolve, reject) => {
        queue.push({ task, resolve, reject });
        // The whole turn of the event loop gathers before the thread is woken.
        if (queue.length === 1) setImmediate(next);
      });
    },
    isUp() {
      if (worker === undefined) {
        worker = startThread();
        worker.unref();
      }
      return isOnline;
    },
  };
}
