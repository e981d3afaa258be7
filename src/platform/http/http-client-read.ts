import type { Socket } from 'node:net';
import { abortReason } from './http-client-errors.ts';

export interface ReadRule {
  /** The length of what was waited for, once it is there. */
  readonly isComplete: (bytes: Buffer) => number | undefined;
  readonly limitBytes: number;
  readonly explain: (error: Error) => Error;
  readonly tooLong: () => Error;
}

/** Reads what a proxy says before the tunnel stands; what came beyond it is put back. */
export function readUntil(socket: Socket, signal: AbortSignal, rule: ReadRule): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0);
    function stop(): void {
      socket.off('readable', onReadable);
      socket.off('error', onError);
      socket.off('end', onEnd);
      socket.off('close', onEnd);
      signal.removeEventListener('abort', onAbort);
    }
    function fail(error: Error): void {
      stop();
      socket.destroy();
      reject(error);
    }
    function onError(error: Error): void {
      fail(rule.explain(error));
    }
    function onEnd(): void {
      onError(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    }
    function onAbort(): void {
      fail(abortReason(signal));
    }
    function onReadable(): void {
      for (;;) {
        const piece = socket.read() as Buffer | null;
        if (piece === null) {
          return;
        }
        bytes = Buffer.concat([bytes, piece]);
        const length = rule.isComplete(bytes);
        if (length !== undefined) {
          stop();
          if (length < bytes.length) {
            socket.unshift(bytes.subarray(length));
          }
          resolve(bytes.subarray(0, length));
          return;
        }
        if (bytes.length > rule.limitBytes) {
          fail(rule.tooLong());
          return;
        }
      }
    }
    socket.on('readable', onReadable);
    socket.on('error', onError);
    socket.on('end', onEnd);
    socket.on('close', onEnd);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) {
      onAbort();
    }
  });
}
