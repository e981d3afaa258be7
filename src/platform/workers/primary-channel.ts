import { Socket } from 'node:net';
import { CONNECTION, TAKEN } from './worker-processes.ts';
import type { PrimaryChannel } from './worker-processes.ts';

/** Undefined when no other process of ours began this one. */
export function connectToPrimary(): PrimaryChannel | undefined {
  if (process.send === undefined) return undefined;
  return {
    async send(message) {
      await sendToPrimary(message);
    },
    onMessage(listener) {
      process.on('message', (message) => {
        if (message !== CONNECTION) listener(message);
      });
    },
    onConnection(listener) {
      process.on('message', (message, connection) => {
        if (message === CONNECTION) void take(connection, listener);
      });
    },
    onGone(listener) {
      process.once('disconnect', listener);
    },
  };
}

/**
 * Told first and used then: when this process dies in between, the client sees its connection break. The
 * other way round, another worker could be given a connection that was half answered here.
 */
async function take(connection: unknown, listener: (connection: Socket) => void): Promise<void> {
  // Its client may break it before anybody listens; whoever looks at it sees that it is destroyed.
  if (connection instanceof Socket) connection.on('error', () => undefined);
  const hasLeft = await sendToPrimary(TAKEN);
  if (!(connection instanceof Socket)) return;
  if (hasLeft) listener(connection);
  else connection.destroy();
}

/** Resolves false when the primary has gone, which onGone tells. */
async function sendToPrimary(message: unknown): Promise<boolean> {
  return new Promise((resolve) => {
    if (!process.connected || process.send === undefined) {
      resolve(false);
      return;
    }
    process.send(message, undefined, undefined, (error) => {
      resolve(error === null);
    });
  });
}
