import { ProgramError } from '../errors.ts';
import { exchange } from './http-client-exchange.ts';
import type { ExchangeResponse } from './http-client-exchange.ts';
import { createConnectionPool } from './http-client-pool.ts';
import type { ConnectionPool, Lease, PoolSettings } from './http-client-pool.ts';
import type { Hop } from './http-client-redirect.ts';
import type { Route, Router } from './http-client-route.ts';
import type { HttpRequest } from './http-client.ts';

/** Sends one hop of a request over the pools of all places. */
export interface Sender {
  send(hop: Hop, request: HttpRequest): Promise<ExchangeResponse>;
  /** Breaks what runs and refuses what comes. */
  close(): void;
}

export interface SenderSettings extends PoolSettings {
  readonly userAgent: string;
}

/** So many places are kept warm; redirects of a hostile upstream must not grow the table for ever. */
const POOLS_MAXIMUM = 128;

/** A stale connection is followed by a fresh one, but several may be stale at once after a restart. */
const STALE_ATTEMPTS_MAXIMUM = 3;

export function createSender(router: Router, settings: SenderSettings): Sender {
  const pools = new Map<string, ConnectionPool>();
  let closed = false;

  function poolOf(route: Route): ConnectionPool {
    let pool = pools.get(route.key);
    pools.delete(route.key);
    if (pool === undefined) {
      forgetIdlePool(pools);
      pool = createConnectionPool(route.where, route.dial, settings);
    }
    // Put last: the map's order is the order of use.
    pools.set(route.key, pool);
    return pool;
  }

  return {
    async send(hop, request) {
      const route = router(hop.url, hop.mustBeElsewhere === true);
      const { where, path } = route;
      const headers = { 'user-agent': settings.userAgent, ...hop.headers, ...route.headers };
      for (let attempt = 1; ; attempt += 1) {
        request.signal.throwIfAborted();
        if (closed) {
          throw closedError();
        }
        const lease = await leaseFrom(poolOf(route), request);
        const parts = { ...request, where, path, headers };
        const outcome = await exchange(lease.connection, parts, lease.release);
        if (outcome.kind === 'response') {
          return outcome.response;
        }
        // What changes something is not sent twice.
        if (attempt === STALE_ATTEMPTS_MAXIMUM || request.method === 'POST') {
          throw outcome.error;
        }
      }
    },
    close() {
      closed = true;
      for (const pool of pools.values()) {
        pool.destroy(closedError());
      }
      pools.clear();
    },
  };
}

async function leaseFrom(pool: ConnectionPool, request: HttpRequest): Promise<Lease> {
  const { observe, signal } = request;
  if (observe === undefined || !pool.isFull()) {
    return pool.lease(signal);
  }
  const began = performance.now();
  const lease = await pool.lease(signal);
  observe('queue', performance.now() - began);
  return lease;
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
