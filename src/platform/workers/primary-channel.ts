import type { PrimaryChannel } from './worker-processes.ts';

/** Undefined when no other process of ours began this one. */
export function connectToPrimary(): PrimaryChannel | undefined {
  if (process.send === undefined) return undefined;
  return {
    async send(message) {
      await new Promise<void>((resolve) => {
        if (!process.connected || process.send === undefined) {
          resolve();
          return;
        }
        // A primary that has gone is told by onGone.
        process.send(message, undefined, undefined, () => {
          resolve();
        });
      });
    },
    onMessage(listener) {
      process.on('message', listener);
    },
    onGone(listener) {
      process.once('disconnect', listener);
    },
  };
}
