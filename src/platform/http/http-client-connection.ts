import type { Socket } from 'node:net';
import { Client } from 'undici';
import type { buildConnector } from 'undici';
import type { Dial } from './http-client-dial.ts';
import type { DialStep } from './http-client-errors.ts';
import { createDialTimes } from './http-client-dial-times.ts';
import type { DialTimes } from './http-client-dial-times.ts';

/** One connection: an undici client that carries one request at a time over one socket. */
export interface Connection {
  readonly client: Client;
  /** True when its socket has answered a request before, so that the server may have closed it. */
  isReused(): boolean;
  markAnswered(): void;
  /** Where the dialling is, or was when it ended. */
  step(): DialStep;
  /** How long each step of the dialling took. */
  readonly dialTimes: DialTimes;
  /** Breaks the socket or the dialling at once; whatever runs on it fails. */
  destroy(reason: Error): void;
  close(): void;
}

export interface ConnectionSettings {
  readonly headerBytes: number;
  readonly keepAliveMilliseconds: number;
}

/** A server's own keep-alive hint is believed up to here. */
const KEEP_ALIVE_MAXIMUM_MILLISECONDS = 300_000;

/** The hint is cut by this much, because our request needs time to arrive. */
const KEEP_ALIVE_MARGIN_MILLISECONDS = 1_000;

export function createConnection(
  dial: Dial,
  settings: ConnectionSettings,
  onDisconnect: () => void,
): Connection {
  const dialling = new AbortController();
  let answered = 0;
  let step: DialStep = 'connecting';
  const dialTimes = createDialTimes();
  async function open(callback: buildConnector.Callback): Promise<void> {
    let socket: Socket;
    dialTimes.begin();
    try {
      socket = await dial(dialling.signal, (entered) => {
        step = entered;
        dialTimes.enter(entered);
      });
    } catch (error) {
      callback(error instanceof Error ? error : new Error(String(error)), null);
      return;
    }
    dialTimes.end();
    callback(null, socket);
  }

  // The origin is a placeholder: `dial` knows where to go, and every request brings its Host header.
  // A plain `http:` one also keeps undici from reconnecting when the Host header changes.
  const client = new Client('http://connection.invalid', {
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: settings.keepAliveMilliseconds,
    keepAliveMaxTimeout: KEEP_ALIVE_MAXIMUM_MILLISECONDS,
    keepAliveTimeoutThreshold: KEEP_ALIVE_MARGIN_MILLISECONDS,
    maxHeaderSize: settings.headerBytes,
    // Time limits are ours: they differ per request, and an unread body must not time out.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(_options, callback) {
      answered = 0;
      void open(callback);
    },
  });
  client.on('disconnect', onDisconnect);
  return {
    client,
    isReused: () => answered > 0,
    markAnswered() {
      answered += 1;
    },
    step: () => step,
    dialTimes,
    destroy(reason) {
      dialling.abort(reason);
      client.destroy(reason).catch(ignore);
    },
    close() {
      client.close().catch(ignore);
    },
  };
}

function ignore(): void {}
