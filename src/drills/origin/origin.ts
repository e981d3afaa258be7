import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Clock } from '../../platform/index.ts';
import { applyFault } from './answer.ts';
import { textAnswer } from './plain-answer.ts';
import { createCatalogue } from './catalogue.ts';
import { answerControl, isControlPath } from './control.ts';
import { createCounters } from './counters.ts';
import { createFaults } from './faults.ts';
import { parseRange } from './range.ts';
import { parseRoute } from './route.ts';
import { sendAnswer } from './send.ts';
import type { Origin, OriginSettings } from './origin-settings.ts';

/** Room for the paths that the drills send, absurd ones included. */
const MAXIMUM_HEADER_BYTES = 64 << 10;

export interface OriginNeeds {
  readonly clock: Clock;
}

/** Listens on loopback. */
export async function createOrigin(
  { clock }: OriginNeeds,
  settings: OriginSettings,
): Promise<Origin> {
  const catalogue = createCatalogue(settings.checksumDatabase, {
    recordsAhead: settings.recordsAhead === true,
  });
  const counters = createCounters();
  const faults = createFaults(settings.seed ?? 'origin', () => clock.monotonicMilliseconds());
  let network = settings.network ?? {};
  catalogue.add(settings.modules ?? []);
  faults.set(settings.faults ?? []);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = parseRoute(pathOf(request));
    const counter = counters.begin(route);
    const leaving = new AbortController();
    response.once('close', () => {
      counter.end(!response.writableFinished);
      leaving.abort();
    });
    try {
      const fault = faults.choose(route);
      const late =
        (network.latencyMilliseconds ?? 0) + (fault?.kind === 'delay' ? fault.milliseconds : 0);
      if (late > 0) await clock.sleep(late, leaving.signal);
      const lie = fault?.kind === 'database-lie' ? { lines: '', ...fault } : undefined;
      const { answer: right, module } = catalogue.answer(route, lie);
      const changed = fault === undefined ? right : applyFault(right, fault, module);
      // A link that breaks does so under ranges too; other framings have no place for them.
      const framing = changed.ending?.framing ?? 'length';
      const range = framing === 'length' ? parseRange(request, changed) : undefined;
      await sendAnswer(response, changed, {
        clock,
        counter,
        bytesPerSecond: network.bytesPerSecond,
        gone: leaving.signal,
        range,
        headOnly: request.method === 'HEAD',
      });
    } catch (error) {
      // The client went away: the counter says so, and there is nobody to tell.
      if (!leaving.signal.aborted) throw error;
    }
  }

  const origin: Omit<Origin, 'url' | 'close'> = {
    database: catalogue.database,
    addModules: catalogue.add,
    setNetwork(next) {
      network = next;
    },
    setFaults: faults.set,
    counts: () => ({ ...counters.read(), faults: faults.met() }),
    resetCounts: counters.reset,
  };

  const server = openServer(settings, (request, response) => {
    response.on('error', () => response.destroy());
    const controlled = settings.control === true && isControlPath(pathOf(request));
    const done = controlled ? answerControl(origin, request, response) : answer(request, response);
    done.catch((error: unknown) => fail(response, error));
  });
  const url = await listen(server, settings);
  return { ...origin, url, close: () => close(server) };
}

function pathOf(request: IncomingMessage): string {
  const [path = '/'] = (request.url ?? '/').split('?');
  // `go` writes the mark of an upper-case letter as %21.
  return path.replaceAll('%21', '!');
}

function openServer(
  settings: OriginSettings,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Server | TlsServer {
  // No limit of its own may end what a drill keeps open on purpose.
  const limits = {
    requestTimeout: 0,
    headersTimeout: 0,
    keepAliveTimeout: 120_000,
    maxHeaderSize: MAXIMUM_HEADER_BYTES,
  };
  if (settings.tls === undefined) return createServer(limits, handle);
  return createTlsServer(
    { ...limits, cert: settings.tls.certificate, key: settings.tls.key },
    handle,
  );
}

async function listen(server: Server | TlsServer, settings: OriginSettings): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(settings.port ?? 0, '127.0.0.1', resolve);
  await promise;
  server.off('error', reject);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `${settings.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
}

async function close(server: Server | TlsServer): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, headers } = textAnswer(500, '');
  response.writeHead(status, headers).end(`the synthetic origin failed: ${String(error)}\n`);
}
