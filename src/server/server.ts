import { createServer as createHttpServer, Server } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { Http2SecureServer, ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { ProgramError } from '../platform/index.ts';
import type { Clock, Logger, Meter, Random } from '../platform/index.ts';
import type { Dispatcher } from './dispatch.ts';
import { createFastPath } from './fast-path/index.ts';
import type { FastPath } from './fast-path/index.ts';
import { refuseMalformed } from './refuse-malformed.ts';

export interface ServerNeeds {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
  readonly random: Random;
  readonly dispatcher: Dispatcher;
}

export interface ServerSettings {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly tls: { readonly certificate: Buffer; readonly key: Buffer } | undefined;
}

export interface RunningServer {
  /** `http://HOST:PORT`, as clients reach it. */
  readonly address: string;
  /** Accepts nothing new, lets answers end for a time, then breaks what is left. */
  stop(graceMilliseconds: number): Promise<void>;
}

/** `go` keeps idle connections for 90 s; who closes first must be the client, or it sees a reset. */
const KEEP_ALIVE_MILLISECONDS = 120_000;
/** A request has one line and a few headers; who needs longer is stuck or hostile. */
const HEADERS_MILLISECONDS = 15_000;
const REQUEST_MILLISECONDS = 30_000;
/** A client that neither reads nor writes for this long is gone without a word. */
const SILENCE_MILLISECONDS = 10 * 60_000;
/** Twice the longest path that can name anything, and the few headers there are. */
const MAXIMUM_HEADER_BYTES = 16 * 1024;
const HTTP1_LIMITS = {
  keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
  headersTimeout: HEADERS_MILLISECONDS,
  requestTimeout: REQUEST_MILLISECONDS,
  maxHeaderSize: MAXIMUM_HEADER_BYTES,
  // Nothing here depends on the name that the client uses for us.
  requireHostHeader: false,
} as const;
/** One CI machine behind one address opens a few hundred; a thousand more is a mistake. */
const MAXIMUM_CONNECTIONS_PER_CLIENT = 2048;
const MAXIMUM_CONNECTIONS = 20_000;
/** How often connections that became idle are looked for while stopping. */
const DRAIN_MILLISECONDS = 50;

/** Listens, and resolves once it really accepts. Throws `listen-failed` (port in use, no rights). */
export async function startServer(
  needs: ServerNeeds,
  settings: ServerSettings,
): Promise<RunningServer> {
  const sessions = new Set<ServerHttp2Session>();
  const sockets = new Set<Socket>();
  const server = settings.tls === undefined ? plain(needs) : secure(needs, settings.tls, sessions);
  const fastPath = server instanceof Server ? putInFront(server, needs) : undefined;
  limitClients(server, needs, sockets);
  refuseMalformed(server, needs.random);
  await listen(server, settings);
  const { port } = addressOf(server);
  const scheme = settings.tls === undefined ? 'http' : 'https';
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;

  return {
    address: `${scheme}://${host}:${port}`,
    async stop(graceMilliseconds) {
      const closed = Promise.withResolvers<void>();
      server.close(() => {
        closed.resolve();
      });
      fastPath?.drain();
      for (const session of sessions) {
        session.close();
      }
      let isClosed = false;
      void closed.promise.then(() => {
        isClosed = true;
      });
      const end = needs.clock.monotonicMilliseconds() + graceMilliseconds;
      while (!isClosed && needs.clock.monotonicMilliseconds() < end) {
        if ('closeIdleConnections' in server) {
          server.closeIdleConnections();
        }
        await Promise.race([closed.promise, needs.clock.sleep(DRAIN_MILLISECONDS)]);
      }
      // Broken off, never ended: a short body must not look whole.
      for (const session of sessions) {
        session.destroy();
      }
      for (const socket of sockets) {
        socket.destroy();
      }
      await closed.promise;
    },
  };
}

function plain(needs: ServerNeeds): Server {
  const server = createHttpServer({ ...HTTP1_LIMITS, noDelay: true }, needs.dispatcher.answer);
  server.setTimeout(SILENCE_MILLISECONDS);
  return server;
}

/**
 * Connections start on the fast path; one that it gives up comes to node:http as if just accepted,
 * which is what emitting 'connection' is documented for.
 */
function putInFront(server: Server, needs: ServerNeeds): FastPath {
  const listeners = server.listeners('connection');
  server.removeAllListeners('connection');
  const fastPath = createFastPath(
    {
      clock: needs.clock,
      answer: needs.dispatcher.answerFast,
      handOver(socket) {
        for (const accept of listeners) Reflect.apply(accept, server, [socket]);
      },
    },
    {
      firstByteMilliseconds: HEADERS_MILLISECONDS,
      keepAliveMilliseconds: KEEP_ALIVE_MILLISECONDS,
      silenceMilliseconds: SILENCE_MILLISECONDS,
      maximumHeaderBytes: MAXIMUM_HEADER_BYTES,
    },
  );
  server.on('connection', (socket: Socket) => {
    fastPath.accept(socket);
  });
  return fastPath;
}

function secure(
  needs: ServerNeeds,
  tls: { readonly certificate: Buffer; readonly key: Buffer },
  sessions: Set<ServerHttp2Session>,
): Http2SecureServer {
  try {
    const server = createSecureServer(
      {
        allowHTTP1: true,
        cert: tls.certificate,
        key: tls.key,
        minVersion: 'TLSv1.2',
        maxSessionInvalidFrames: 100,
        // The HTTP/1.1 side of the same port keeps the limits of the plain server.
        http1Options: HTTP1_LIMITS,
      },
      needs.dispatcher.answer,
    );
    server.setTimeout(SILENCE_MILLISECONDS);
    server.on('session', (session) => {
      sessions.add(session);
      session.once('close', () => sessions.delete(session));
    });
    return server;
  } catch (error) {
    throw new ProgramError({
      code: 'tls-invalid',
      kind: 'bad-input',
      message: 'the TLS certificate and key cannot be used',
      cause: error,
      hint: '--tls-cert and --tls-key take PEM files that belong together',
    });
  }
}

function limitClients(
  server: Server | Http2SecureServer,
  needs: ServerNeeds,
  sockets: Set<Socket>,
): void {
  const perClient = new Map<string, number>();
  const refused = needs.meter.counter(
    'cofferdam_connections_refused_total',
    'Connections closed because a client had too many.',
  );
  needs.meter.observe('cofferdam_connections', 'Open client connections.', () => sockets.size);
  server.maxConnections = MAXIMUM_CONNECTIONS;
  server.on('connection', (socket: Socket) => {
    const client = socket.remoteAddress ?? 'unknown';
    const count = (perClient.get(client) ?? 0) + 1;
    if (count > MAXIMUM_CONNECTIONS_PER_CLIENT) {
      refused.with().add();
      socket.destroy();
      return;
    }
    perClient.set(client, count);
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      const left = (perClient.get(client) ?? 1) - 1;
      if (left === 0) {
        perClient.delete(client);
      } else {
        perClient.set(client, left);
      }
    });
  });
  server.on('tlsClientError', (error: Error) => {
    needs.logger.debug('a TLS handshake failed', { error: error.message });
  });
}

async function listen(server: Server | Http2SecureServer, settings: ServerSettings): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      reject(listenError(error, settings));
    };
    server.once('error', onError);
    server.listen({ host: settings.host, port: settings.port, backlog: 1024 }, () => {
      server.off('error', onError);
      resolve();
    });
  });
}

function listenError(error: NodeJS.ErrnoException, settings: ServerSettings): ProgramError {
  const where = `${settings.host}:${settings.port}`;
  const parts =
    error.code === 'EADDRINUSE'
      ? {
          message: `another program already listens on ${where}`,
          hint: 'stop it, or choose another address with --listen HOST:PORT (port 0 takes a free one)',
        }
      : error.code === 'EACCES'
        ? {
            message: `this user may not listen on ${where}`,
            hint: 'ports below 1024 need rights; choose a higher one with --listen',
          }
        : {
            message: `cannot listen on ${where}`,
            hint: '--listen takes an address of this machine, such as 127.0.0.1:8080',
          };
  return new ProgramError({ code: 'listen-failed', kind: 'bad-input', cause: error, ...parts });
}

function addressOf(server: Server | Http2SecureServer): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new ProgramError({
      code: 'listen-failed',
      kind: 'bug',
      message: 'the server has no address',
    });
  }
  return address;
}
