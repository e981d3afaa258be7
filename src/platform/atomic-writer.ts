import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { AtomicWrite, AtomicWriteResult } from './atomic-writer-messages.ts';

export interface AtomicWriter {
  /** Rejects with the system's own error. */
  write(path: string, bytes: Uint8Array, scratch: string): Promise<void>;
}

interface Waiting {
  readonly write: AtomicWrite;
  resolve(): void;
  reject(error: unknown): void;
}

/** More at once would keep the first ones of a batch waiting for the last; less wakes the thread more often. */
const BATCH_MAXIMUM = 64;

/**
 * Writes small files durably in one thread of its own. A durable write is eight system calls; each of
 * them as a call of its own through Node's pool costs the event loop more than the write itself, which
 * a cold `go mod download` would feel. While a batch runs, the next one gathers.
 */
export function createAtomicWriter(): AtomicWriter {
  const queue: Waiting[] = [];
  let running: Waiting[] = [];
  let worker: Worker | undefined;

  function startThread(): Worker {
    const started = new Worker(new URL('./atomic-writer-thread.ts', import.meta.url), {
      execArgv: [],
      env: {},
      name: 'disk',
    });
    started.on('message', (results: readonly AtomicWriteResult[]) => {
      const done = running;
      running = [];
      for (const [index, waiting] of done.entries()) {
        const result = results[index];
        if (result === undefined) waiting.resolve();
        else waiting.reject(Object.assign(new Error(result.message), result));
      }
      next();
    });
    const end = (cause: unknown): void => {
      if (worker !== started) return;
      worker = undefined;
      const lost = running;
      running = [];
      for (const waiting of lost) {
        waiting.reject(new Error('the thread that writes files ended unexpectedly', { cause }));
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
    worker.postMessage(
      running.map((waiting) => waiting.write),
      running.map((waiting) => waiting.write.bytes.buffer),
    );
  }

  return {
    async write(path, bytes, scratch) {
      // A copy of its own, which can be handed over: a view would take its whole buffer with it.
      const own = new Uint8Array(bytes);
      // Random and exclusive: nobody can place a link under the name beforehand.
      const temporary = join(scratch, `${randomUUID()}.tmp`);
      return new Promise((resolve, reject) => {
        queue.push({ write: { path, temporary, bytes: own }, resolve, reject });
        // The whole turn of the event loop gathers before the thread is woken.
        if (queue.length === 1) setImmediate(next);
      });
    },
  };
}
