import { headerOf } from './exchange.ts';
import type { Exchange } from './exchange.ts';

/**
 * Where the answer to a request may come from: with `private` and `unserved` from the store alone, because
 * no upstream is named for private paths, or none at all.
 */
export type Reach = 'upstreams' | 'cached-only' | 'private' | 'unserved' | 'offline';

export function reachOf(exchange: Exchange, offline: boolean): Reach {
  // P-90: the header asks for the cache alone; pkg.go.dev sends it.
  const asked = headerOf(exchange, 'disable-module-fetch');
  if (exchange.mode.cachedOnly || asked?.toLowerCase() === 'true') {
    return 'cached-only';
  }
  return offline ? 'offline' : 'upstreams';
}
