import { Readable } from 'node:stream';
import type { Exchange, Front } from '../../proxy/front/index.ts';
import type { Dispatcher } from '../dispatch.ts';
import { pathOf } from '../request-target.ts';
import { forward } from './forward.ts';
import type { ForwardNeeds } from './forward.ts';

export interface FrontDispatcherNeeds extends ForwardNeeds {
  readonly front: Front;
}

/** In a worker process: memory first, everything else by the engine. */
export function createFrontDispatcher(needs: FrontDispatcherNeeds): Dispatcher {
  const { front } = needs;

  function answerOne(target: string, exchange: Exchange, body: Readable): void {
    const isPlain = exchange.method === 'GET' || exchange.method === 'HEAD';
    const isFile = isPlain && !exchange.path.startsWith('/-/');
    if (isFile && front.answer(exchange)) {
      return;
    }
    const { method, headers, client, reply } = exchange;
    const place = isFile ? front.place(exchange) : undefined;
    forward(needs, { method, target, headers, client, reply, body, place });
  }

  return {
    answer(request, response) {
      const { method = 'GET', headers, url: target = '/' } = request;
      const client = request.socket.remoteAddress;
      const path = pathOf(target);
      const exchange = { method, path, headers, client, reply: response, mode: MODE };
      answerOne(target, exchange, request);
    },
    answerFast({ method, target, headers }, reply, client) {
      const path = pathOf(target);
      answerOne(target, { method, path, headers, client, reply, mode: MODE }, NOTHING);
      return true;
    },
  };
}

/** The bases that say otherwise lie below `/-/`, which is the engine's. */
const MODE = { cachedOnly: false };
/** Of requests that have no body; nobody reads it. */
const NOTHING = Readable.from([]);
