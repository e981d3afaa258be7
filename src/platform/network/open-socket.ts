import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Endpoint } from './network.ts';
import { SilenceError } from './socket-failure.ts';

/** A moment that ends with the caller's signal or after the time. */
export interface Limit {
  readonly signal: AbortSignal;
  end(): void;
}

export function startLimit(milliseconds: number, signal: AbortSignal): Limit {
  const controller = new AbortController();
  function abort(): void {
    controller.abort(signal.reason);
  }
  const timer = setTimeout(() => {
    controller.abort(new SilenceError('no answer in time'));
  }, milliseconds);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    },
  };
}

/** A connected socket, which its user destroys. */
export async function openSocket(endpoint: Endpoint, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host: endpoint.host, port: endpoint.port, noDelay: true });
  await untilEvent(socket, 'connect', signal);
  return socket;
}

/** Destroys the socket when it errs, closes or is aborted before the event. */
export function untilEvent(socket: Socket, event: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    function finish(error?: Error): void {
      socket.off(event, succeed);
      socket.off('error', finish);
      socket.off('close', onClose);
      signal.removeEventListener('abort', onAbort);
      // Whatever it says afterwards is nobody's business.
      socket.off('error', ignore);
      socket.on('error', ignore);
      if (error === undefined) {
        resolve();
        return;
      }
      socket.destroy();
      reject(error);
    }
    function succeed(): void {
      finish();
    }
    function onClose(): void {
      finish(Object.assign(new Error('closed'), { code: 'CLOSED' }));
    }
    function onAbort(): void {
      const reason: unknown = signal.reason;
      finish(reason instanceof Error ? reason : new Error('aborted'));
    }
    socket.once(event, succeed);
    socket.once('error', finish);
    socket.once('close', onClose);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

function ignore(): void {}
