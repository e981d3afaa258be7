import type { Socket } from 'node:net';
import { formatHttpDate } from '../../platform/http/index.ts';
import type { Clock } from '../../platform/index.ts';
import { createConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import type { FastPathNeeds, FastPathSettings } from './fast-path-settings.ts';

export interface FastPath {
  accept(socket: Socket): void;
  /** Ends connections that wait for a request, and every other after its answer. */
  drain(): void;
}

/**
 * A hit in memory costs less than what a general HTTP implementation does around it: events, header
 * objects and timers for each request (decision 19). So a connection starts here, where one plain
 * request in one piece is answered on the socket. The first that is anything else, or comes in several
 * pieces, moves the connection with that request to node:http.
 */
export function createFastPath(needs: FastPathNeeds, settings: FastPathSettings): FastPath {
  const connections = new Set<Connection>();
  const date = createDate(needs.clock);
  let isDraining = false;
  return {
    accept(socket) {
      const connection = createConnection(
        { ...needs, socket, date, isDraining: () => isDraining },
        settings,
      );
      connections.add(connection);
      connection.onEnd(() => connections.delete(connection));
    },
    drain() {
      isDraining = true;
      for (const connection of connections) {
        connection.endWhenIdle();
      }
    },
  };
}

/** The date changes once a second; writing it costs more than looking at the clock. */
function createDate(clock: Clock): () => string {
  let second = 0;
  let text = '';
  return () => {
    const now = Math.trunc(clock.epochMilliseconds() / 1000);
    if (now !== second) {
      second = now;
      text = formatHttpDate(now * 1000);
    }
    return text;
  };
}
