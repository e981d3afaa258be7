import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Random } from '../platform/index.ts';
import type { Request, Response } from './dispatch.ts';

/** Stands in the URL of a request that names no host, as HTTP/1.0 allows; nobody reads it there. */
const NO_HOST = 'localhost';

/** Everything under `/-/`, for requests as node:http has them. */
export function mountOperations(
  { random }: { readonly random: Random },
  operations: Hono,
): (request: Request, response: Response) => void {
  const listener = getRequestListener(operations.fetch, {
    hostname: NO_HOST,
    // Hono answers its own failures, so this is a target or a Host that makes no URL.
    errorHandler: () => unreadable(random.bytes(16).toString('hex')),
  });
  return (request, response) => {
    void listener(request, response);
  };
}

function unreadable(trace: string): globalThis.Response {
  const text = `the target or the Host of the request makes no URL\nsend the path of a page and the name of this server\ncofferdam: trace ${trace}\n`;
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'cofferdam-cache': 'bypass',
    'cofferdam-trace': trace,
  };
  return new globalThis.Response(text, { status: 400, headers });
}
