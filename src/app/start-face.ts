import type { Meter } from '../platform/index.ts';
import { createDispatcher, startServer } from '../server/index.ts';
import type { Request, Response, RunningServer } from '../server/index.ts';
import { behindFront } from '../server/front/index.ts';
import type { Ports } from './ports.ts';
import type { Proxies } from './proxies.ts';
import type { EngineSettings } from './engine-settings.ts';
import { startWorkers, workerMemory } from './workers.ts';

/** What clients reach: this process, or several that ask this one. */
export interface Face extends RunningServer {
  /** Copies outside this process of one path, or of everything, are right no longer. */
  forget(path?: string): void;
}

export interface FaceNeeds {
  readonly meter: Meter;
  readonly proxies: Pick<Proxies, 'handle' | 'current'>;
  readonly operations: (request: Request, response: Response) => void;
}

type FaceSettings = Pick<
  EngineSettings,
  'host' | 'port' | 'tls' | 'secretBase' | 'workers' | 'memoryBytes'
>;

export async function startFace(
  ports: Ports,
  needs: FaceNeeds,
  settings: FaceSettings,
  scratch: string,
): Promise<Face> {
  const { proxies, operations, meter } = needs;
  const { secretBase, workers, memoryBytes } = settings;
  if (workers === undefined || ports.workerProcesses === undefined) {
    const dispatcher = createDispatcher({ proxy: proxies.handle, operations, secretBase });
    const server = await startServer({ ...ports, meter, dispatcher }, settings);
    return { ...server, forget: () => undefined };
  }
  const dispatcher = createDispatcher({
    proxy(exchange) {
      proxies.handle(behindFront(exchange, (path, etag) => proxies.current().keptAs(path, etag)));
    },
    operations,
    secretBase,
  });
  return startWorkers(
    {
      ...ports,
      processes: ports.workerProcesses,
      meter,
      dispatcher,
      recorded: (hits) => {
        proxies.current().recorded(hits);
      },
      level: () => proxies.current().upstreams().level,
    },
    {
      ...settings,
      ...workers,
      scratch,
      memoryBytes: workerMemory(memoryBytes, workers.count),
    },
  );
}

/** What is left of `--memory` for the engine itself. */
export function engineMemory(totalBytes: number, workers: EngineSettings['workers']): number {
  const count = workers?.count ?? 1;
  return totalBytes - workerMemory(totalBytes, count) * count;
}
