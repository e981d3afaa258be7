import type { Server, Socket } from 'node:net';
import type { Clock, Logger, Random } from '../platform/index.ts';
import { plainRefusal } from './plain-refusal.ts';
import type { Refusal } from './plain-refusal.ts';

/** RFC 8446 5.1: each record begins with its type, and a client's first one is a handshake. */
const HANDSHAKE = 22;
/** A method of HTTP in the beginning of its request line (RFC 9112 3). */
const METHOD = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE|PRI) /u;
/** One line tells it; a loop of a broken client would fill the log. */
const TOLD_MILLISECONDS = 60_000;

const PLAIN: Refusal = {
  status: '400 Bad Request',
  cause: 'this port speaks https, and the request came in plain http',
  next: 'write https:// instead of http:// in GOPROXY',
};

/**
 * Puts itself in front of a TLS server: who speaks plain HTTP to it is told so, in plain HTTP. Without
 * that `go` only sees a connection that ends.
 */
export function answerPlain(
  server: Server,
  needs: { readonly clock: Clock; readonly logger: Logger; readonly random: Random },
  /** Until the first byte; then the limits of the handshake begin. */
  firstByteMilliseconds: number,
): void {
  const listeners = server.listeners('connection');
  server.removeAllListeners('connection');
  let told: number | undefined;

  function refuse(socket: Socket): void {
    const now = needs.clock.monotonicMilliseconds();
    if (told === undefined || now - told > TOLD_MILLISECONDS) {
      told = now;
      needs.logger.warn('a client speaks plain HTTP to this https port', {
        client: socket.remoteAddress,
        hint: 'its GOPROXY must begin with https://',
      });
    }
    socket.end(plainRefusal(PLAIN, needs.random.bytes(16).toString('hex')));
  }

  server.on('connection', (socket: Socket) => {
    const onTimeout = (): void => void socket.destroy();
    // 'close' follows, and whoever counts connections hears it.
    const onError = (): void => undefined;
    socket.setTimeout(firstByteMilliseconds, onTimeout);
    socket.on('error', onError);
    socket.once('data', (chunk: Buffer) => {
      socket.pause();
      socket.off('timeout', onTimeout);
      socket.setTimeout(0);
      if (chunk[0] !== HANDSHAKE && METHOD.test(chunk.toString('latin1', 0, 20))) {
        refuse(socket);
        return;
      }
      socket.off('error', onError);
      // The TLS layer takes what was read already before it reads on.
      socket.unshift(chunk);
      for (const accept of listeners) Reflect.apply(accept, server, [socket]);
    });
  });
}
