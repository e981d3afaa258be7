import { Worker } from 'node:worker_threads';
import { ProgramError } from '../platform/index.ts';
import type { ZipVerdict } from './check-zip.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/** What one check reads from: the lane answers the worker's reads with it. */
export interface LaneSource {
  readonly size: number;
  /** All of it when it is small; it moves to the worker. */
  readonly whole: Uint8Array<ArrayBuffer> | undefined;
  read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

export interface LaneCheck {
  readonly path: string;
  readonly version: string;
  readonly listFiles: boolean;
  readonly source: LaneSource;
  readonly signal: AbortSignal;
}

/** One worker thread, started when there is work and again after it broke. */
export interface WorkerLane {
  check(check: LaneCheck): Promise<ZipVerdict>;
  /** Checks under way. */
  load(): number;
  close(): Promise<void>;
}

interface Job {
  readonly id: number;
  readonly source: LaneSource;
  readonly worker: Worker;
  readonly outcome: PromiseWithResolvers<ZipVerdict>;
}

export interface LaneSettings {
  /** For what takes seconds: answers and shorter checks come first. */
  readonly isPatient: boolean;
}

export function createWorkerLane(program: URL, settings: LaneSettings): WorkerLane {
  const jobs = new Map<number, Job>();
  let worker: Worker | undefined;
  let lastId = 0;

  function start(): Worker {
    // The flags and secrets of the main thread are nothing to a pure computation.
    const started = new Worker(program, {
      execArgv: [],
      env: {},
      workerData: settings,
      name: 'zip-checker',
      // Blocks of a large zip are garbage at once; a small nursery gives them back sooner.
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    });
    started.on('message', (message: FromWorker) => receive(jobs.get(message.id), message));
    started.on('error', (error) => abandon(started, error));
    started.on('exit', (code) => abandon(started, new Error(`the thread ended with code ${code}`)));
    return started;
  }

  function abandon(broken: Worker, cause: unknown): void {
    if (worker === broken) {
      worker = undefined;
    }
    for (const job of jobs.values()) {
      if (job.worker === broken) {
        job.outcome.reject(ourFault('the thread that checks module zips ended', cause));
      }
    }
  }

  async function check({ source, signal, ...question }: LaneCheck): Promise<ZipVerdict> {
    signal.throwIfAborted();
    worker ??= start();
    lastId += 1;
    const job = { id: lastId, source, worker, outcome: Promise.withResolvers<ZipVerdict>() };
    function giveUp(): void {
      job.outcome.reject(signal.reason);
      send(job.worker, { kind: 'cancel', id: job.id });
    }
    jobs.set(job.id, job);
    signal.addEventListener('abort', giveUp);
    job.worker.ref();
    const { size, whole: bytes } = source;
    send(job.worker, { kind: 'check', id: job.id, ...question, size, bytes });
    try {
      return await job.outcome.promise;
    } finally {
      jobs.delete(job.id);
      signal.removeEventListener('abort', giveUp);
      if (jobs.size === 0) {
        // An idle thread must not keep the program alive.
        worker?.unref();
      }
    }
  }

  return {
    check,
    load: () => jobs.size,
    close: async () => {
      await worker?.terminate();
    },
  };
}

/** A message about a check that was given up meanwhile has no job. */
function receive(job: Job | undefined, message: FromWorker): void {
  if (message.kind === 'verdict') {
    job?.outcome.resolve(message.verdict);
  } else if (message.kind === 'failed') {
    const cause = new Error(message.message);
    job?.outcome.reject(ourFault('the check of a module zip failed', cause));
  } else if (job !== undefined) {
    void answerRead(job, message);
  }
}

async function answerRead(
  job: Job,
  { request, position, length }: Extract<FromWorker, { readonly kind: 'read' }>,
): Promise<void> {
  try {
    const bytes = await job.source.read(position, length);
    send(job.worker, { kind: 'block', request, bytes });
  } catch (error) {
    job.outcome.reject(error);
    send(job.worker, { kind: 'cancel', id: job.id });
  }
}

/** Bytes move to the worker instead of being copied. */
function send(worker: Worker, message: ToWorker): void {
  const bytes = message.kind === 'cancel' ? undefined : message.bytes;
  worker.postMessage(message, bytes === undefined ? [] : [bytes.buffer]);
}

function ourFault(message: string, cause: unknown): ProgramError {
  return new ProgramError({ code: 'zip-checker-failed', kind: 'bug', message, cause });
}
