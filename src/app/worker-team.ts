import { ProgramError } from '../platform/index.ts';
import type { Clock, Logger, Meter } from '../platform/index.ts';
import { createMeterReplay } from '../platform/workers/index.ts';
import type { WorkerProcess, WorkerProcesses } from '../platform/workers/index.ts';
import type { FromWorker, ToWorker, WorkerOrder, WorkerReport } from './worker-messages.ts';
import { createWorkerRestarts } from './worker-restarts.ts';

/** All workers: as many as told, replaced when they die. */
export interface WorkerTeam {
  /** Resolves once all of them answer clients. Rejects when one cannot. */
  start(): Promise<void>;
  tell(message: ToWorker): void;
  /** Lets them end their answers; resolves when none is left. */
  stop(graceMilliseconds: number): Promise<void>;
  /** At once. */
  kill(): void;
}

export interface WorkerTeamNeeds {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
  readonly processes: WorkerProcesses;
  readonly recorded: (hits: WorkerReport['hits']) => void;
  /** Answers clients from now on, until it exits. */
  readonly isReady: (worker: WorkerProcess) => void;
}

/** Longer than their own grace: whoever has not ended by then never will. */
const KILL_AFTER_MILLISECONDS = 3000;

export function createWorkerTeam(
  needs: WorkerTeamNeeds,
  settings: { readonly count: number; readonly order: () => WorkerOrder },
): WorkerTeam {
  const { clock, logger, meter } = needs;
  const restarts = createWorkerRestarts(needs);
  const replaced = meter.counter(
    'cofferdam_worker_restarts_total',
    'Worker processes that died and were replaced.',
  );
  const replay = createMeterReplay(meter);
  const members = new Map<number, WorkerProcess>();
  const accepting = new Set<number>();
  const started = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  let last = 0;
  let isStopping = false;
  meter.observe('cofferdam_workers', 'Worker processes that accept clients.', () => accepting.size);
  replaced.with().add(0);

  function begin(): void {
    last += 1;
    const number = last;
    const process = needs.processes.start();
    const began = clock.monotonicMilliseconds();
    members.set(number, process);
    process.onMessage((message) => {
      hear(number, process, message as FromWorker);
    });
    void process.exited.then(({ code, signal }) => {
      members.delete(number);
      accepting.delete(number);
      replay.forget(number);
      bury({ pid: process.pid, code, signal }, clock.monotonicMilliseconds() - began);
    });
    process.send({ kind: 'serve', order: settings.order() } satisfies ToWorker);
  }

  function hear(number: number, process: WorkerProcess, message: FromWorker): void {
    if (message.kind === 'told') {
      replay.add(number, message.report.metrics);
      needs.recorded(message.report.hits);
    } else if (message.kind === 'failed') {
      const { code, message: text, hint } = message.error;
      logger.debug('a worker process cannot serve', { reason: text });
      // Only the first start waits for this; later the death that follows is what counts.
      started.reject(
        new ProgramError({
          code,
          kind: 'bad-input',
          message: text,
          ...(hint === undefined ? {} : { hint }),
        }),
      );
    } else {
      accepting.add(number);
      needs.isReady(process);
      if (accepting.size === settings.count) started.resolve();
    }
  }

  function bury(
    death: { readonly pid: number; readonly code: unknown; readonly signal: unknown },
    livedMilliseconds: number,
  ): void {
    if (isStopping) {
      if (members.size === 0) gone.resolve();
      return;
    }
    started.reject(diedAtStart());
    const delay = restarts.delayAfter(livedMilliseconds);
    logger.warn('a worker process died and is replaced', { ...death, inMilliseconds: delay });
    replaced.with().add();
    if (delay === 0) begin();
    else clock.after(delay, () => isStopping || begin());
  }

  return {
    async start() {
      for (let count = 0; count < settings.count; count += 1) begin();
      return started.promise;
    },
    tell(message) {
      for (const member of members.values()) member.send(message);
    },
    async stop(graceMilliseconds) {
      isStopping = true;
      if (members.size === 0) return;
      for (const member of members.values()) {
        member.send({ kind: 'stop', graceMilliseconds } satisfies ToWorker);
      }
      const late = clock.after(graceMilliseconds + KILL_AFTER_MILLISECONDS, killAll);
      await gone.promise;
      late.cancel();
    },
    kill() {
      isStopping = true;
      killAll();
    },
  };

  function killAll(): void {
    for (const member of members.values()) member.kill();
  }
}

function diedAtStart(): ProgramError {
  return new ProgramError({
    code: 'worker-failed',
    kind: 'unavailable',
    message: 'a worker process ended before it accepted clients',
    hint: 'see the log above for its reason; with --workers 1 everything runs in one process',
  });
}
