import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Exchange } from '../proxy/index.ts';
import type { FastPathAnswer } from './fast-path/index.ts';
import { pathOf } from './request-target.ts';

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

/** Sends each request where it belongs. */
export interface Dispatcher {
  readonly answer: (request: Request, response: Response) => void;
  /** The same for plain requests outside `/-/`, without node:http around them. */
  readonly answerFast: FastPathAnswer;
}

/** What a path means: a GOPROXY base and the path below it, or something else. */
type Target = { readonly path: string; readonly cachedOnly: boolean } | 'operations' | 'nothing';

/** The GOPROXY bases on one side, everything else under `/-/` on the other. */
export function createDispatcher(mounts: Mounts): Dispatcher {
  const { secretBase } = mounts;

  function targetOf(path: string): Target {
    if (secretBase !== undefined) {
      return path.startsWith(`${secretBase}/`)
        ? { path: path.slice(secretBase.length), cachedOnly: false }
        : 'nothing';
    }
    if (!path.startsWith('/-/')) {
      return { path, cachedOnly: false };
    }
    return path === CACHED_ONLY || path.startsWith(`${CACHED_ONLY}/`)
      ? { path: path.slice(CACHED_ONLY.length) || '/', cachedOnly: true }
      : 'operations';
  }

  return {
    answer(request, response) {
      const target = targetOf(pathOf(request.url ?? '/'));
      if (target === 'operations') {
        mounts.operations(request, response);
      } else if (target === 'nothing') {
        refuse(response);
      } else {
        const { path, cachedOnly } = target;
        const { method = 'GET', headers } = request;
        const client = request.socket.remoteAddress;
        mounts.proxy({ method, path, headers, client, reply: response, mode: { cachedOnly } });
      }
    },
    answerFast(head, reply, client) {
      const target = targetOf(pathOf(head.target));
      if (typeof target === 'string') {
        return false;
      }
      const { method, headers } = head;
      const { path, cachedOnly } = target;
      mounts.proxy({ method, path, headers, client, reply, mode: { cachedOnly } });
      return true;
    },
  };
}

/** Nothing to learn here for whoever does not know the path. */
function refuse(reply: Exchange['reply']): void {
  reply.writeHead(404, ['Content-Length', '0']);
  reply.end();
}
