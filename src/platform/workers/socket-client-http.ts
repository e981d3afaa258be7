import { Agent, request } from 'node:http';
import type { ClientRequest } from 'node:http';
import type { PendingAnswer, SocketAnswer, SocketClient, SocketRequest } from './socket-client.ts';

/** Shorter than the server's own time, so that who closes an idle connection is who would use it. */
const IDLE_MILLISECONDS = 60_000;
/** Kept for the next burst; the others close. */
const MAXIMUM_IDLE = 256;

/** On node:http; as many connections as requests at once, because a request may hang for minutes. */
export function createSocketClient(settings: { readonly socketPath: string }): SocketClient {
  const agent = new Agent({
    keepAlive: true,
    timeout: IDLE_MILLISECONDS,
    maxFreeSockets: MAXIMUM_IDLE,
    scheduling: 'lifo',
  });

  function begin({ method, target, headers }: SocketRequest): ClientRequest {
    const begun = request({
      socketPath: settings.socketPath,
      agent,
      method,
      path: target,
      headers: headers as Record<string, string | string[]>,
      setHost: false,
    });
    // What HTTP/1.1 means anyhow; without it the other side reads the head on its short way.
    begun.removeHeader('Connection');
    return begun;
  }

  return {
    ask(asked): PendingAnswer {
      const { promise, resolve, reject } = Promise.withResolvers<SocketAnswer>();
      let current: ClientRequest | undefined;
      let isAbandoned = false;

      function attempt(isFirst: boolean): void {
        const begun = begin(asked);
        current = begun;
        begun.once('response', (response) => {
          const { statusCode: status = 502, rawHeaders } = response;
          resolve({ status, headers: rawHeaders, body: response });
        });
        begun.on('error', (error) => {
          // Closed at the moment we took it from the idle ones: nothing was asked yet.
          const isStale = isFirst && begun.reusedSocket && asked.body === undefined;
          if (isStale && !isAbandoned) attempt(false);
          else reject(error);
        });
        if (asked.body === undefined) begun.end();
        else asked.body.pipe(begun);
      }

      try {
        attempt(true);
      } catch (error) {
        // A target or header that cannot be written.
        reject(error);
      }
      return {
        answer: promise,
        abandon() {
          isAbandoned = true;
          current?.destroy();
        },
      };
    },
    close() {
      agent.destroy();
    },
  };
}
