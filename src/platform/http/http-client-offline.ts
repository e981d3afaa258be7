import type { HttpClient } from './http-client.ts';
import { ProgramError } from '../errors.ts';

/** Refuses every request and opens no socket: what `--offline` promises. */
export function createOfflineHttpClient(): HttpClient {
  return {
    async request(request) {
      request.signal.throwIfAborted();
      throw new ProgramError({
        code: 'offline',
        kind: 'unavailable',
        message: 'nothing is asked for over the network, because Cofferdam runs offline',
        hint: 'Start it without --offline to let it ask its upstreams.',
      });
    },
    async close() {},
  };
}
