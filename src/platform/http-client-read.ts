import type { Socket } from 'node:net';

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
    const stop = (): void => {
      socket.off('readable', onReadable);
      socket.off('error', onError);
      socket.off('end', onEnd);
      socket.off('close', onEnd);
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (error: unknown): void => {
      stop();
      socket.destroy();
      reject(error);
    };
    const onError = (error: Error): void => fail(rule.explain(error));
    const onEnd = (): void => onError(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    const onAbort = (): void => fail(signal.reason);
    const onReadable = (): void => {
      for (let piece: Buffer | null = socket.read(); piece !== null; piece = socket.read()) {
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
    };
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
