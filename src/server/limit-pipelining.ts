import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { Request, Response } from './dispatch.ts';

/** No client of a module proxy pipelines; each request that waits costs some kilobytes. */
const MAXIMUM_WAITING = 32;

export interface LimitedPipelining {
  answer(this: void, request: Request, response: Response): void;
  /** A request of this HTTP/1.1 connection has come whole and is not answered yet. */
  isAnswering(this: void, socket: Duplex): boolean;
}

/**
 * Whoever sends requests without reading answers makes node:http keep a request and a response of each,
 * thousands for one read from the socket. Such a connection is closed. HTTP/2 has its own limit of streams.
 */
export function limitPipelining(
  answer: (request: Request, response: Response) => void,
): LimitedPipelining {
  const waiting = new WeakMap<Duplex, number>();
  return {
    answer(request, response) {
      if (isHttp2(request)) {
        answer(request, response);
        return;
      }
      const { socket } = request;
      if (socket.destroyed) return;
      const count = (waiting.get(socket) ?? 0) + 1;
      if (count > MAXIMUM_WAITING) {
        socket.destroy();
        return;
      }
      waiting.set(socket, count);
      response.once('close', () => {
        waiting.set(socket, (waiting.get(socket) ?? 1) - 1);
      });
      answer(request, response);
    },
    isAnswering: (socket) => (waiting.get(socket) ?? 0) > 0,
  };
}

function isHttp2(request: IncomingMessage | Http2ServerRequest): request is Http2ServerRequest {
  return 'stream' in request;
}
