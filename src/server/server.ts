import { createServer as createHttpServer, Server } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { Http2SecureServer, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { ProgramError } from '../platform/index.ts';
import type { Clock, Logger, Meter, Random } from '../platform/index.ts';
import { answerPlain } from './answer-plain.ts';
import { limitClients } from './client-limits.ts';
import { createIdleConnections, keepAnswering, watchSecure } from './close-idle.ts';
import type { IdleConnections } from './close-idle.ts';
import type { Dispatcher } from './dispatch.ts';
import { createFastPath } from './fast-path/index.ts';
import type { FastPath } from './fast-path/index.ts';
import { limitPipelining } from './limit-pipelining.ts';
import { addressText, listen, MAXIMUM_CONNECTIONS } from './listening.ts';
import type { ListenAddress } from './listening.ts';
import { refuseExpectation } from './refuse-expectation.ts';
import { refuseMalformed } from './refuse-malformed.ts';

export interface ServerNeeds {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Pick<Meter, 'counter' | 'observe'>;
  readonly random: Random;
  readonly dispatcher: Dispatcher;
}

/** Behind a path are our own worker processes, which limit their clients themselves. */
export type ServerSettings = ListenAddress & {
  readonly tls: { readonly certificate: Buffer; readonly key: Buffer } | undefined;
};

export interface RunningServer {
  /** `http://HOST:PORT`, as clients reach it, or `unix:PATH`. */
  readonly address: string;
  /** Accepts nothing new, lets answers end for a time, then breaks what is left. */
  stop(graceMilliseconds: number): Promise<void>;
}

/** A server whose connections come from elsewhere. */
export interface ConnectionServer extends Pick<RunningServer, 'stop'> {
  /** Nothing has been read from it. */
  accept(connection: Socket): void;
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
/** How often connections that became idle are looked for while stopping. */
const DRAIN_MILLISECONDS = 50;

/** Listens, and resolves once it really accepts. Throws `listen-failed` (port in use, no rights). */
export async function startServer(
  needs: ServerNeeds,
  settings: ServerSettings,
): Promise<RunningServer> {
  const { server, stop } = create(needs, settings.tls, !('socketPath' in settings));
  await listen(server, settings);
  return { address: addressText(server, settings), stop };
}

/** Answers on connections that another process accepted. */
export function serveConnections(
  needs: ServerNeeds,
  settings: Pick<ServerSettings, 'tls'>,
): ConnectionServer {
  const { server, sockets, stop } = create(needs, settings.tls, true);
  // What node:http waits for with the limits of time for headers and requests.
  server.emit('listening');
  return {
    accept(connection) {
      const isOver = connection.destroyed || connection.readableEnded;
      if (isOver || sockets.size >= MAXIMUM_CONNECTIONS) {
        connection.destroy();
        return;
      }
      // As node:net has it for connections of such a server, before the first byte is read.
      connection.allowHalfOpen = server instanceof Server;
      server.emit('connection', connection);
    },
    stop,
  };
}

/** A server with its limits that has no connections yet. */
function create(
  needs: ServerNeeds,
  tls: ServerSettings['tls'],
  hasClients: boolean,
): {
  readonly server: Server | Http2SecureServer;
  readonly sockets: ReadonlySet<Socket>;
  readonly stop: RunningServer['stop'];
} {
  const sessions = new Set<ServerHttp2Session>();
  const { answer, isAnswering } = limitPipelining(needs.dispatcher.answer);
  const server = tls === undefined ? plain(answer) : secure(answer, tls, sessions);
  const started = createIdleConnections(isAnswering);
  keepAnswering(server);
  const fastPath = server instanceof Server ? putInFront(server, needs, started) : undefined;
  if (!(server instanceof Server)) answerPlain(server, needs, HEADERS_MILLISECONDS);
  const idle = server instanceof Server ? started : watchSecure(server, started);
  const sockets = gather(server, needs.logger);
  if (hasClients) {
    limitClients(server, needs, sockets);
  }
  refuseExpectation(server, needs.random);
  refuseMalformed(server, needs.random, isAnswering);

  return {
    server,
    sockets,
    async stop(graceMilliseconds) {
      const closed = Promise.withResolvers<void>();
      // It knows only of connections that it accepted itself.
      const looked = (): void => {
        if (sockets.size === 0) closed.resolve();
      };
      server.close(() => {
        for (const socket of sockets) {
          socket.once('close', looked);
        }
        looked();
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
        idle.close();
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

function plain(answer: Dispatcher['answer']): Server {
  const server = createHttpServer({ ...HTTP1_LIMITS, noDelay: true }, answer);
  server.setTimeout(SILENCE_MILLISECONDS);
  return server;
}

/**
 * Connections start on the fast path; one that it gives up comes to node:http as if just accepted,
 * which is what emitting 'connection' is documented for.
 */
function putInFront(server: Server, needs: ServerNeeds, behind: IdleConnections): FastPath {
  const listeners = server.listeners('connection');
  server.removeAllListeners('connection');
  const fastPath = createFastPath(
    {
      clock: needs.clock,
      answer: needs.dispatcher.answerFast,
      handOver(socket) {
        behind.add(socket);
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
  answer: Dispatcher['answer'],
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
      answer,
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

/** Known, so that they can be broken off at the end. */
function gather(server: Server | Http2SecureServer, logger: Logger): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.maxConnections = MAXIMUM_CONNECTIONS;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', (error: Error) => {
    logger.debug('a TLS handshake failed', { error: error.message });
  });
  return sockets;
}
