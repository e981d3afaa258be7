import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { Clock, Logger } from '../platform/index.ts';
import { addressText, listen, MAXIMUM_CONNECTIONS } from './listening.ts';
import type { ListenAddress } from './listening.ts';

/** Another process that answers clients. */
export interface Taker {
  /** `gone`: it ended before it took the connection, which is as it was. */
  handOver(connection: Socket): Promise<'taken' | 'gone'>;
}

/** Accepts connections and answers none. */
export interface SharedEntrance {
  /** `http://HOST:PORT`, as clients reach it. */
  readonly address: string;
  /** From now on it has its turn, until it goes. */
  add(this: void, taker: Taker): void;
  /** Accepts nothing new; resolves once all that had been accepted is handed over. */
  stop(): Promise<void>;
}

/** Handing over takes a millisecond; longer than this only when nobody is left who takes anything. */
const HAND_OVER_MILLISECONDS = 2000;
const LOOK_MILLISECONDS = 5;

/**
 * Listens for processes that answer in our stead, and hands connections to them in turn. Each gets its
 * next one when it has taken the last, so that one which is busy, stuck or dead holds up no more than
 * one; and that one is given to another when it dies. Throws `listen-failed`.
 */
export async function acceptForOthers(
  needs: { readonly clock: Clock; readonly logger: Logger },
  settings: ListenAddress & { readonly tls: object | undefined },
): Promise<SharedEntrance> {
  const waiting: Socket[] = [];
  const idle: Taker[] = [];
  /** Handed to somebody who has not taken it yet. */
  const underWay = new Set<Socket>();
  // Nothing may be read here: it belongs to whoever answers.
  const server = createServer({ pauseOnConnect: true, noDelay: true }, (connection) => {
    waiting.push(connection);
    deal();
  });
  server.maxConnections = MAXIMUM_CONNECTIONS;

  function deal(): void {
    while (waiting.length > 0) {
      const taker = idle.shift();
      if (taker === undefined) return;
      const connection = waiting.shift();
      if (connection !== undefined) void give(taker, connection);
    }
  }

  async function give(taker: Taker, connection: Socket): Promise<void> {
    underWay.add(connection);
    const outcome = await taker.handOver(connection);
    underWay.delete(connection);
    if (outcome === 'taken') idle.push(taker);
    else if (!connection.destroyed) waiting.unshift(connection);
    deal();
  }

  await listen(server, settings);
  server.on('error', (error) => {
    // No file descriptor left, for one: the connection stays in the system's queue or breaks.
    needs.logger.warn('a connection could not be accepted', { reason: error.message });
  });

  return {
    address: addressText(server, settings),
    add(taker) {
      idle.push(taker);
      deal();
    },
    async stop() {
      server.close();
      const late = needs.clock.monotonicMilliseconds() + HAND_OVER_MILLISECONDS;
      while (waiting.length + underWay.size > 0 && needs.clock.monotonicMilliseconds() < late) {
        await needs.clock.sleep(LOOK_MILLISECONDS);
      }
      for (const connection of [...waiting.splice(0), ...underWay]) connection.destroy();
    },
  };
}
