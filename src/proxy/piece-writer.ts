import type { Reply } from './exchange.ts';

/**
 * Bytes per read of a large file. 256 KiB keeps the number of system calls low; two hundred stalled
 * clients hold 50 MB of it.
 */
export const PIECE_BYTES: number = 256 * 1024;

/** Writes piece by piece and notices at once when the client has gone. */
export interface PieceWriter {
  /** Resolves when the bytes have left for the kernel: only then may the buffer be used again. */
  write(bytes: Uint8Array): Promise<boolean>;
  /** Resolves when the work does or the client has gone. */
  orGone(work: Promise<void>): Promise<void>;
}

export function createPieceWriter(reply: Reply): PieceWriter {
  // One listener for the life of the answer: one per piece would pile up.
  let wake: (() => void) | undefined;
  reply.once('close', () => {
    wake?.();
  });
  async function unlessGone(begin: (resolve: () => void) => void): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    wake = resolve;
    begin(resolve);
    await promise;
  }
  return {
    async write(bytes) {
      let isSent = false;
      if (!reply.destroyed) {
        await unlessGone((resolve) => {
          reply.write(bytes, (error) => {
            isSent = error === undefined || error === null;
            resolve();
          });
        });
      }
      return isSent && !reply.destroyed;
    },
    async orGone(work) {
      await unlessGone((resolve) => {
        void work.then(resolve, resolve);
      });
    },
  };
}
