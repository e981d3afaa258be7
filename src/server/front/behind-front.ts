import { KEEP_HEADER } from '../../proxy/front/index.ts';
import type { Exchange } from '../../proxy/front/index.ts';
import { CLIENT_HEADER } from './forwarded-headers.ts';

type Reply = Exchange['reply'];

/** The kind of what the engine has in memory under this path with this ETag, and will not change. */
export type KeptAs = (path: string, etag: string) => string | undefined;

/** A request as a worker process sends it on: with the client's own address, and told what to keep. */
export function behindFront(exchange: Exchange, keptAs: KeptAs): Exchange {
  const client = exchange.headers[CLIENT_HEADER];
  return {
    ...exchange,
    client: typeof client === 'string' ? client : undefined,
    reply: exchange.mode.cachedOnly
      ? exchange.reply
      : marking(exchange.reply, exchange.path, keptAs),
  };
}

function marking(reply: Reply, path: string, keptAs: KeptAs): Reply {
  return {
    writeHead(status, headers) {
      const etag = status === 200 ? valueOf(headers, 'ETag') : undefined;
      // What is still to be verified may be taken back at any moment.
      const isSettled = valueOf(headers, 'Cofferdam-Verified') === undefined;
      const kind = etag === undefined || !isSettled ? undefined : keptAs(path, etag);
      return reply.writeHead(
        status,
        kind === undefined ? headers : [...headers, KEEP_HEADER, kind],
      );
    },
    write: (chunk, callback) => reply.write(chunk, callback),
    end: (chunk?: Uint8Array) => (chunk === undefined ? reply.end() : reply.end(chunk)),
    destroy: () => reply.destroy(),
    once: (event, listener) => reply.once(event, listener),
    get destroyed() {
      return reply.destroyed;
    },
    get writableEnded() {
      return reply.writableEnded;
    },
  };
}

function valueOf(headers: readonly string[], name: string): string | undefined {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index] === name) return headers[index + 1];
  }
  return undefined;
}
