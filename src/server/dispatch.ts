import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Exchange } from '../proxy/index.ts';

export type Request = IncomingMessage | Http2ServerRequest;
export type Response = ServerResponse | Http2ServerResponse;

/** Where requests go. */
export interface Mounts {
  readonly proxy: (exchange: Exchange) => void;
  readonly operations: (request: Request, response: Response) => void;
  /**
   * Set inside `cofferdam run`: the engine answers only below this base, `/-/run/` and 128 random bits,
   * because the path is the only secret between the child and us (interface.md section 4).
   */
  readonly secretBase: string | undefined;
}

const CACHED_ONLY = '/-/cached-only';

/** The GOPROXY bases on one side, everything else under `/-/` on the other. */
export function createDispatcher(mounts: Mounts): (request: Request, response: Response) => void {
  const { secretBase } = mounts;

  function toProxy(request: Request, response: Response, path: string, cachedOnly: boolean): void {
    const { method = 'GET', headers } = request;
    const mode = { cachedOnly };
    const client = request.socket.remoteAddress;
    mounts.proxy({ method, path, headers, reply: response, mode, client });
  }

  return (request, response) => {
    const path = pathOf(request.url ?? '/');
    if (secretBase !== undefined) {
      if (path.startsWith(`${secretBase}/`)) {
        toProxy(request, response, path.slice(secretBase.length), false);
      } else {
        refuse(response);
      }
      return;
    }
    if (!path.startsWith('/-/')) {
      toProxy(request, response, path, false);
    } else if (path === CACHED_ONLY || path.startsWith(`${CACHED_ONLY}/`)) {
      toProxy(request, response, path.slice(CACHED_ONLY.length) || '/', true);
    } else {
      mounts.operations(request, response);
    }
  };
}

/** Nothing to learn here for whoever does not know the path. */
function refuse(reply: Exchange['reply']): void {
  reply.writeHead(404, ['Content-Length', '0']);
  reply.end();
}

/** The path of a request target: `go` sends no query (P-01), a forward proxy may send the absolute form. */
function pathOf(target: string): string {
  const query = target.indexOf('?');
  const path = query < 0 ? target : target.slice(0, query);
  if (path.startsWith('/')) {
    return path;
  }
  const match = /^https?:\/\/[^/]*(\/.*)?$/u.exec(path);
  return match === null ? path : (match[1] ?? '/');
}
