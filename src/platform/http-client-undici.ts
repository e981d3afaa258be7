import { createConnectionPool } from './http-client-pool.ts';
import type { ConnectionPool } from './http-client-pool.ts';
import { exchange } from './http-client-exchange.ts';
import type { ExchangeResponse } from './http-client-exchange.ts';
import { toPortResponse } from './http-client-body.ts';
import { firstHop, isRedirect, nextHop, REDIRECTS_MAXIMUM } from './http-client-redirect.ts';
import type { Hop } from './http-client-redirect.ts';
import { redirectRefused } from './http-client-errors.ts';
import { createRouter } from './http-client-route.ts';
import type { Route } from './http-client-route.ts';
import type { HttpClient, HttpRequest, HttpResponse } from './http-client.ts';
import type { Logger } from './logger.ts';
import type { Meter } from './meter.ts';
import { ProgramError } from './errors.ts';

export interface HttpClientNeeds {
  /** Counts connections opened as `cofferdam_upstream_connections_total`. */
  readonly meter?: Meter | undefined;
  /** Told once about proxy variables that are ignored. */
  readonly logger?: Logger | undefined;
}

export interface HttpClientSettings {
  /** For the User-Agent: `cofferdam/<version>`. */
  readonly version: string;
  /** Where proxies and trust stores are named; the process's own when absent. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Enough for every download of a large build at once; upstreams and forward proxies dislike more. */
  readonly connectionsPerOrigin?: number;
  /** How long a request may wait for one of those connections. */
  readonly queueMilliseconds?: number;
  /** Below the 75 s and more that servers keep idle connections for. */
  readonly keepAliveMilliseconds?: number;
  /** Bounds the header section of a response: real ones are below 4 KiB, Go stops at 10 MiB. */
  readonly headerBytes?: number;
}

const DEFAULTS = {
  connectionsPerOrigin: 64,
  queueMilliseconds: 60_000,
  keepAliveMilliseconds: 60_000,
  headerBytes: 64 * 1024,
};

/** So many places are kept warm; redirects of a hostile upstream must not grow the table for ever. */
const POOLS_MAXIMUM = 128;

/** A stale connection is followed by a fresh one, but several may be stale at once after a restart. */
const STALE_ATTEMPTS_MAXIMUM = 3;

/** Outgoing HTTP/1.1 on undici; proxies, trust stores and redirects as Go's net/http has them. */
export function createHttpClient(needs: HttpClientNeeds, settings: HttpClientSettings): HttpClient {
  const limits = { ...DEFAULTS, ...settings };
  const userAgent = `cofferdam/${settings.version}`;
  const router = createRouter(needs, {
    environment: settings.environment ?? process.env,
    userAgent,
  });
  const pools = new Map<string, ConnectionPool>();
  let closed = false;

  function poolOf(route: Route): ConnectionPool {
    let pool = pools.get(route.key);
    pools.delete(route.key);
    if (pool === undefined) {
      forgetIdlePool(pools);
      pool = createConnectionPool(route.where, route.dial, limits);
    }
    // Put last: the map's order is the order of use.
    pools.set(route.key, pool);
    return pool;
  }

  async function send(hop: Hop, request: HttpRequest): Promise<ExchangeResponse> {
    const route = router(hop.url);
    for (let attempt = 1; ; attempt += 1) {
      const lease = await poolOf(route).lease(request.signal);
      const outcome = await exchange(
        lease.connection,
        {
          method: request.method,
          path: route.path,
          headers: { 'user-agent': userAgent, ...hop.headers, ...route.headers },
          where: route.where,
          signal: request.signal,
          connectMilliseconds: request.connectMilliseconds,
          headersMilliseconds: request.headersMilliseconds,
          idleMilliseconds: request.idleMilliseconds,
        },
        lease.release,
      );
      if (outcome.kind === 'response') {
        return outcome.response;
      }
      if (attempt === STALE_ATTEMPTS_MAXIMUM) {
        throw outcome.error;
      }
    }
  }

  return {
    async request(request) {
      if (closed) {
        throw closedError();
      }
      request.signal.throwIfAborted();
      const first = firstHop(request.url, request.headers ?? {});
      let hop = first;
      for (let redirects = 0; ; redirects += 1) {
        const response = await send(hop, request);
        if (!isRedirect(response.status)) {
          return toHttpResponse(response, hop, request);
        }
        response.discard();
        if (redirects === REDIRECTS_MAXIMUM) {
          throw redirectRefused(hop.url.host, `there were ${REDIRECTS_MAXIMUM} before it`);
        }
        hop = nextHop(first, hop, response.headers['location']);
      }
    },
    async close() {
      closed = true;
      for (const pool of pools.values()) {
        pool.destroy(closedError());
      }
      pools.clear();
    },
  };
}

function toHttpResponse(response: ExchangeResponse, hop: Hop, request: HttpRequest): HttpResponse {
  const finalUrl = new URL(hop.url);
  finalUrl.search = '';
  return { finalUrl: finalUrl.href, ...toPortResponse(response, request, hop.url.host) };
}

function forgetIdlePool(pools: Map<string, ConnectionPool>): void {
  if (pools.size < POOLS_MAXIMUM) {
    return;
  }
  for (const [key, pool] of pools) {
    if (pool.isIdle()) {
      pools.delete(key);
      pool.destroy(new Error('the pool made room for another'));
      return;
    }
  }
}

function closedError(): ProgramError {
  return new ProgramError({
    code: 'http-client-closed',
    kind: 'unavailable',
    message: 'nothing is asked for over the network any more, because Cofferdam is stopping',
  });
}
