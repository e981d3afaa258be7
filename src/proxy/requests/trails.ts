import type { Clock, SpanSink } from '../../platform/index.ts';
import type { Answered } from '../answered.ts';
import { headerOf } from '../exchange.ts';
import type { Exchange } from '../exchange.ts';
import type { HotEntry } from '../storage/index.ts';
import { parentOf } from '../trace.ts';
import type { RequestRecord } from './record.ts';
import { attemptSpan, requestSpan } from './trail-spans.ts';
import type { Trail } from './trail.ts';

/** Follows each request to its end, and tells whoever keeps or exports what was seen. */
export interface Trails {
  /** A hit in memory: nothing was followed, and nothing here costs more than one small object. */
  hit(exchange: Exchange, entry: HotEntry, status: number, trace: string): void;
  begin(exchange: Exchange, trace: string): Trail;
  end(trail: Trail, exchange: Exchange, kind: string, answered: Answered, seconds: number): void;
}

export interface TrailsNeeds {
  readonly clock: Clock;
  readonly spans: () => string;
  /** Told of hits in memory, where they are recorded. */
  readonly hit: ((record: RequestRecord) => void) | undefined;
  /** Told of all others. */
  readonly ended: (record: RequestRecord) => void;
  readonly sink: SpanSink | undefined;
}

/** Longer than any that names something. */
const MAXIMUM_PATH_CHARACTERS = 2048;
const MAXIMUM_AGENT_CHARACTERS = 200;
const NO_ATTEMPTS: RequestRecord['attempts'] = [];

export function createTrails(needs: TrailsNeeds): Trails {
  const { clock, sink } = needs;
  return {
    hit(exchange, entry, status, trace) {
      needs.hit?.({
        timeMilliseconds: clock.epochMilliseconds(),
        trace,
        client: exchange.client,
        userAgent: agentOf(exchange),
        method: exchange.method,
        path: exchange.path,
        outcome: 'hit',
        status,
        bytes: status === 200 && exchange.method === 'GET' ? entry.body.length : 0,
        milliseconds: undefined,
        cause: undefined,
        reason: undefined,
        attempts: NO_ATTEMPTS,
      });
    },
    begin: (exchange, trace) => ({
      trace,
      span: needs.spans(),
      parent: parentOf(headerOf(exchange, 'traceparent')),
      startedMilliseconds: clock.epochMilliseconds(),
      attempts: [],
      ended: false,
    }),
    end(trail, exchange, kind, answered, seconds) {
      trail.ended = true;
      const record: RequestRecord = {
        timeMilliseconds: trail.startedMilliseconds,
        trace: trail.trace,
        client: exchange.client,
        userAgent: agentOf(exchange),
        method: exchange.method,
        path: exchange.path.slice(0, MAXIMUM_PATH_CHARACTERS),
        outcome: answered.outcome,
        status: answered.status,
        bytes: exchange.method === 'HEAD' ? 0 : (answered.bytes ?? 0),
        milliseconds: seconds * 1000,
        cause: answered.cause,
        reason: answered.reason,
        attempts: trail.attempts,
      };
      needs.ended(record);
      if (sink !== undefined) {
        sink.ended(requestSpan(trail, record, kind));
        for (const attempt of trail.attempts) sink.ended(attemptSpan(trail, attempt));
      }
    },
  };
}

/** Names with versions (RFC 9110 10.1.5). What else a client writes there may be anything, a secret too. */
const PRODUCT = /^[A-Za-z][A-Za-z.-]{0,30}\/v?\d[\w.+-]{0,20}$/;

function agentOf(exchange: Exchange): string | undefined {
  const agent = headerOf(exchange, 'user-agent');
  const products = agent
    ?.slice(0, MAXIMUM_AGENT_CHARACTERS)
    .split(' ')
    .filter((word) => PRODUCT.test(word));
  return products === undefined || products.length === 0 ? undefined : products.join(' ');
}
