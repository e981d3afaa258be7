import { createProxy } from '../proxy/index.ts';
import type { ExpectedModule, Proxy, ProxySummary } from '../proxy/index.ts';
import { createOperations, mountOperations } from '../server/index.ts';
import { createPrometheusMeter } from '../telemetry/index.ts';
import { createApi } from './api.ts';
import type { EngineSettings, ReloadableSettings } from './engine-settings.ts';
import { lookAt } from './look.ts';
import type { Look } from './look.ts';
import { beginMending } from './mend-store.ts';
import { openPlace } from './open-place.ts';
import type { Ports } from './ports.ts';
import { createProxies } from './proxies.ts';
import type { Proxies } from './proxies.ts';
import { createReadiness } from './readiness.ts';
import { writeServeAddress } from './serve-address.ts';
import { engineMemory, startFace } from './start-face.ts';
import type { Face } from './start-face.ts';
import { createStoreTasks } from './store-tasks.ts';
import type { RunningStoreTasks } from './store-tasks.ts';

/** A proxy that listens: what `serve` and `run` have in common. */
export interface RunningEngine {
  readonly address: string;
  /** What does not work as it should from the start, in words; in the log too. */
  readonly notice: string | undefined;
  summary(): ProxySummary;
  /** What clients wait for, the longest silence first. */
  waiting(): ReturnType<Proxy['waiting']>;
  /** What clients asked and could not have because of upstreams, the oldest first. */
  failedRequests(): ReturnType<Proxy['failedRequests']>;
  /** How it is at this moment. */
  look(): Promise<Look>;
  expect(modules: readonly ExpectedModule[], isAll: boolean): void;
  /** Answers by other settings from the next request on. Throws, and changes nothing, when they are bad. */
  reload(settings: ReloadableSettings): void;
  /** Lets answers and fills end for the time given, then breaks them off. */
  stop(graceMilliseconds: number): Promise<void>;
}

/** What goes on beside a start reads a few rows; whoever waits for the reason of its failure sees it soon. */
const FAILED_START_MILLISECONDS = 5000;

/** Puts the parts together and starts them. Throws ProgramError with what the user can do about it. */
export async function startEngine(ports: Ports, settings: EngineSettings): Promise<RunningEngine> {
  const undo: (() => Promise<void>)[] = [];
  let leave = async (_signal: AbortSignal): Promise<void> => undefined;
  try {
    const telemetry = createPrometheusMeter({ version: settings.version });
    const place = await openPlace(ports, settings, undo);
    const { scratch, somebodyDied, database } = place;
    const { workers } = settings;
    // The engine tells what it forgot to a face that is started after it.
    const started: { face?: Face } = {};
    const forgotten = workers && ((path: string) => started.face?.forget(path));
    const proxies = createProxies(ports, (next) =>
      createProxy(
        { ...ports, database, meter: telemetry.meter, forgotten },
        {
          ...next,
          memoryBytes: engineMemory(next.memoryBytes, workers),
          scratch,
          storeProblem: place.problem,
          // Nothing can be taken out of a store that cannot be written.
          budget: place.problem === undefined ? next.budget : undefined,
          isForOneCommand: !settings.isServer,
          recordRequests: settings.isServer && !place.isInMemory,
        },
      ),
    );
    const proxy = proxies.use(settings);
    const mending = beginMending(ports, proxy, somebodyDied);
    leave = async (signal) => {
      await mending.end(signal);
      await proxies.close(signal);
    };
    const tasks = createStoreTasks({ ...ports, store: () => proxies.current().store });
    const readiness = createReadiness(
      { ...ports, database, storeProblem: () => proxies.current().storeProblem() },
      settings,
    );
    const operations = createOperations(
      { random: ports.random, readiness, metrics: telemetry.render },
      {
        version: settings.version,
        isBehindFront: workers !== undefined && ports.workerProcesses !== undefined,
        api: createApi({ proxy: proxies.current, tasks, readiness }, settings),
      },
    );
    const face = await startFace(
      ports,
      {
        meter: telemetry.meter,
        proxies,
        operations: mountOperations(ports, operations),
      },
      settings,
      scratch,
    );
    started.face = face;
    if (settings.isServer && place.problem === undefined) {
      const { store } = settings;
      await writeServeAddress(ports, { store, scratch }, face.address).catch((error: unknown) => {
        ports.logger.warn('the address could not be written down', { error: String(error) });
      });
    }
    const look = async (): Promise<Look> =>
      lookAt({ read: telemetry.read, proxy: proxies.current });
    const { notice } = place;
    return running({ ...ports, look, tasks, leave, notice }, proxies, face, undo);
  } catch (error) {
    // Whoever still works on the store or the database ends first, or its trouble would be told as well.
    await leave(ports.clock.deadline(FAILED_START_MILLISECONDS));
    await undoAll(undo);
    throw error;
  }
}

function running(
  ports: Ports &
    Pick<RunningEngine, 'look' | 'notice'> & {
      readonly tasks: RunningStoreTasks;
      readonly leave: (signal: AbortSignal) => Promise<void>;
    },
  proxies: Proxies,
  face: Face,
  undo: readonly (() => Promise<void>)[],
): RunningEngine {
  return {
    address: face.address,
    notice: ports.notice,
    summary: proxies.summary,
    waiting: () => proxies.current().waiting(),
    failedRequests: () => proxies.current().failedRequests(),
    look: ports.look,
    expect: (modules, isAll) => {
      proxies.current().expect(modules, isAll);
    },
    reload(settings) {
      proxies.use(settings);
      face.forget();
    },
    async stop(graceMilliseconds) {
      const deadline = ports.clock.deadline(graceMilliseconds);
      await face.stop(graceMilliseconds);
      await ports.tasks.close();
      await ports.leave(deadline);
      await undoAll(undo);
    },
  };
}

async function undoAll(undo: readonly (() => Promise<void>)[]): Promise<void> {
  for (const step of undo.toReversed()) {
    await step();
  }
}
