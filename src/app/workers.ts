import type { Meter } from '../platform/index.ts';
import type { WorkerProcesses } from '../platform/workers/index.ts';
import { makeSocketFolder } from '../platform/adapters.ts';
import { acceptForOthers, startServer } from '../server/index.ts';
import type { Dispatcher, RunningServer } from '../server/index.ts';
import type { Ports } from './ports.ts';
import type { WorkerOrder, WorkerReport } from './worker-messages.ts';
import { createWorkerTeam } from './worker-team.ts';
import type { WorkerTeam } from './worker-team.ts';

export interface WorkersSettings {
  readonly count: number;
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly certificate: Buffer; readonly key: Buffer } | undefined;
  /** A directory of this process alone. */
  readonly scratch: string;
  /** Of each worker. */
  readonly memoryBytes: number;
  readonly log: WorkerOrder['log'];
}

export interface WorkersNeeds extends Pick<Ports, 'clock' | 'logger' | 'random'> {
  readonly processes: WorkerProcesses;
  readonly meter: Meter;
  /** The whole engine, as workers reach it. */
  readonly dispatcher: Dispatcher;
  readonly recorded: (hits: WorkerReport['hits']) => void;
  /** How far the service is degraded at this moment. */
  readonly level: () => WorkerOrder['level'];
}

/** A server of several processes. */
export interface RunningWorkers extends RunningServer {
  /** The workers' copies of one path, or of everything, are right no longer. */
  forget(path?: string): void;
}

/** What all processes may keep together is `--memory`; a worker needs no more than the hottest. */
const LARGEST_SHARE_BYTES = 40 * 1024 * 1024;

/** What each worker gets of it; the engine has the rest. */
export function workerMemory(totalBytes: number, count: number): number {
  return count > 1 ? Math.min(Math.floor(totalBytes / (count + 1)), LARGEST_SHARE_BYTES) : 0;
}

/**
 * Answers clients from several processes (decision 20). The engine is reached by them alone, through a
 * socket that no other user may open; whatever they have not in memory they ask there.
 */
export async function startWorkers(
  needs: WorkersNeeds,
  settings: WorkersSettings,
): Promise<RunningWorkers> {
  const { count, tls, memoryBytes, log } = settings;
  const clients = await acceptForOthers(needs, settings);
  const folder = await makeSocketFolder(settings.scratch);
  const socketPath = folder.path;
  const engine = await startServer(needs, { socketPath, tls: undefined });
  await folder.restrict();
  const pem = tls && { certificate: tls.certificate.toString(), key: tls.key.toString() };
  const order = () => ({ tls: pem, socketPath, memoryBytes, log, level: needs.level() });
  const team = createWorkerTeam({ ...needs, isReady: clients.add }, { count, order });

  const levels = watchLevel(needs, team);

  async function end(): Promise<void> {
    levels.cancel();
    // Nobody is left who asks.
    await engine.stop(0);
    await folder.remove();
  }

  try {
    await team.start();
    return {
      address: clients.address,
      forget(path) {
        team.tell({ kind: 'forget', ...(path === undefined ? {} : { path }) });
      },
      async stop(graceMilliseconds) {
        await clients.stop();
        await team.stop(graceMilliseconds);
        await end();
      },
    };
  } catch (error) {
    team.kill();
    await clients.stop();
    await end();
    throw error;
  }
}

/** As soon as an upstream's failure is likely to be noticed by people. */
const LEVEL_MILLISECONDS = 1000;

/** Tells the workers when the level of service changes: their answers say it too. */
function watchLevel(
  { clock, level }: Pick<WorkersNeeds, 'clock' | 'level'>,
  team: Pick<WorkerTeam, 'tell'>,
): { cancel(): void } {
  let last = level();
  let timer = clock.after(LEVEL_MILLISECONDS, look);
  function look(): void {
    const now = level();
    if (now !== last) team.tell({ kind: 'level', level: now });
    last = now;
    timer = clock.after(LEVEL_MILLISECONDS, look);
  }
  return {
    cancel() {
      timer.cancel();
    },
  };
}
