import { isProgramError } from '../platform/index.ts';
import type { GatheredMeter, PrimaryChannel } from '../platform/workers/index.ts';
import {
  connectToPrimary,
  createGatheredMeter,
  createLogger,
  createSocketClient,
  createSystemClock,
  createSystemRandom,
} from '../platform/worker-adapters.ts';
import { createFront } from '../proxy/front/index.ts';
import type { Front } from '../proxy/front/index.ts';
import { createFrontDispatcher, serveConnections } from '../server/front/index.ts';
import type { FromWorker, ToWorker, WorkerError, WorkerOrder } from './worker-messages.ts';

/** How often the engine learns what was counted here. */
const TELL_MILLISECONDS = 1000;

/**
 * One worker process, from its first message to its end: answers clients from a small memory of its own
 * and lets the engine answer everything else. It reads neither store, database nor configuration.
 */
export function runWorker(
  self: Pick<NodeJS.Process, 'on' | 'exit' | 'cpuUsage' | 'memoryUsage'>,
): void {
  const primary = connectToPrimary();
  if (primary === undefined) {
    return self.exit(2);
  }
  // Whoever stops or reloads the program tells the primary; a signal to the whole group reaches us too.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    self.on(signal, () => undefined);
  }
  primary.onGone(() => {
    self.exit(0);
  });
  const tell = async (message: FromWorker): Promise<void> => primary.send(message);
  let work: Promise<Work> | undefined;
  const end = async (graceMilliseconds: number): Promise<void> => {
    await (await work)?.stop(graceMilliseconds);
    self.exit(0);
  };
  primary.onMessage((message) => {
    const told = message as ToWorker;
    if (told.kind === 'serve') {
      work ??= begin(told.order, self, { tell, onConnection: primary.onConnection });
      work.catch(async (error: unknown) => {
        await tell({ kind: 'failed', error: describe(error) });
        self.exit(1);
      });
    } else if (told.kind === 'forget') {
      void work?.then(
        ({ front }) => {
          front.forget(told.path);
        },
        () => undefined,
      );
    } else if (told.kind === 'level') {
      void work?.then(
        ({ front }) => {
          front.setLevel(told.level);
        },
        () => undefined,
      );
    } else {
      end(told.graceMilliseconds).catch(() => self.exit(1));
    }
  });
}

interface Work {
  readonly front: Front;
  stop(graceMilliseconds: number): Promise<void>;
}

interface Primary extends Pick<PrimaryChannel, 'onConnection'> {
  tell(this: void, message: FromWorker): Promise<void>;
}

async function begin(
  order: WorkerOrder,
  self: Pick<NodeJS.Process, 'cpuUsage' | 'memoryUsage'>,
  primary: Primary,
): Promise<Work> {
  const { tell } = primary;
  const clock = createSystemClock();
  const random = createSystemRandom();
  const logger = createLogger({ clock }, order.log);
  const meter = createGatheredMeter();
  const told = watchProcess(meter, self);
  const engine = createSocketClient(order);
  const front = createFront({ clock, random, meter }, order);
  const dispatcher = createFrontDispatcher({ front, engine, logger, random });
  const { tls } = order;
  const server = serveConnections(
    { clock, logger, meter, random, dispatcher },
    { tls: tls && { certificate: Buffer.from(tls.certificate), key: Buffer.from(tls.key) } },
  );
  primary.onConnection(server.accept);
  const report = async (): Promise<void> => {
    told();
    await tell({ kind: 'told', report: { metrics: meter.take(), hits: front.takeRecords() } });
  };
  const next = (): void => {
    clock.after(TELL_MILLISECONDS, () => {
      void report().then(next);
    });
  };
  next();
  await tell({ kind: 'ready' });
  return {
    front,
    async stop(graceMilliseconds) {
      await server.stop(graceMilliseconds);
      engine.close();
      await report();
      await logger.close();
    },
  };
}

/** The result is called before each report. */
function watchProcess(
  meter: GatheredMeter,
  self: Pick<NodeJS.Process, 'cpuUsage' | 'memoryUsage'>,
): () => void {
  const seconds = meter
    .counter('cofferdam_worker_cpu_seconds_total', 'Processor time of all worker processes.')
    .with();
  meter.observe('cofferdam_worker_resident_bytes', 'Memory of all worker processes.', () =>
    self.memoryUsage.rss(),
  );
  let used = 0;
  return () => {
    const { user, system } = self.cpuUsage();
    const now = (user + system) / 1e6;
    seconds.add(now - used);
    used = now;
  };
}

function describe(error: unknown): WorkerError {
  return isProgramError(error)
    ? { code: error.code, message: error.message, hint: error.hint }
    : { code: 'worker-failed', message: String(error), hint: undefined };
}
