import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { abortReason, dialFailed } from './http-client-errors.ts';
import type { DialStep } from './http-client-errors.ts';
import { verifyServerName } from '../verify-server-name.ts';
import { tlsFailed } from './http-client-tls-errors.ts';

/** `enter` is told each step, so that a time-out can say where it struck. */
export type Dial = (signal: AbortSignal, enter: (step: DialStep) => void) => Promise<Socket>;

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Dead peers behind silent firewalls are found this fast; Go's dialer uses the same. */
const TCP_KEEP_ALIVE_MILLISECONDS = 15_000;

/**
 * How long one address of a host may take before the next is tried. Node gives up the first then,
 * unlike Go, so this must cover the slowest sensible round trip: TCP's own first retry is after 1 s.
 */
const ADDRESS_ATTEMPT_MILLISECONDS = 1_000;

/** A connected socket; errors that come later on must be listened for by its user. */
export function openSocket(
  endpoint: Endpoint,
  where: string,
  signal: AbortSignal,
  /** Told when the name is an address; never for what is one already. */
  resolved?: () => void,
): Promise<Socket> {
  const socket = connect({
    host: endpoint.host,
    port: endpoint.port,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MILLISECONDS,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: TCP_KEEP_ALIVE_MILLISECONDS,
  });
  if (resolved !== undefined) {
    socket.once('lookup', resolved);
  }
  return untilEvent(socket, 'connect', signal, (error) => dialFailed(where, error));
}

/** TLS on top of `socket`, verified for `host`. */
export async function secureSocket(
  socket: Socket,
  host: string,
  where: string,
  context: SecureContext,
  signal: AbortSignal,
): Promise<Socket> {
  const secured = connectTls({
    socket,
    host,
    // Server name indication is for names only (RFC 6066, section 3).
    ...(isIP(host) === 0 ? { servername: host } : {}),
    secureContext: context,
    ALPNProtocols: ['http/1.1'],
    checkServerIdentity: (_host, certificate) => verifyServerName(host, certificate),
  });
  let issuer: string | undefined;
  // After a failed verification the certificate is gone; here it is still there to be named.
  secured.prependListener('secure', () => {
    issuer = secured.getPeerX509Certificate()?.issuer;
  });
  return untilEvent(secured, 'secureConnect', signal, (error) => tlsFailed(where, error, issuer));
}

export function nameOf(endpoint: Endpoint): string {
  return isIP(endpoint.host) === 6
    ? `[${endpoint.host}]:${endpoint.port}`
    : `${endpoint.host}:${endpoint.port}`;
}

/** Resolves with the socket when the event comes; destroys it when an error or an abort comes first. */
function untilEvent<T extends Socket>(
  socket: T,
  event: string,
  signal: AbortSignal,
  explain: (error: Error) => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    function finish(): void {
      socket.off(event, onEvent);
      socket.off('error', onError);
      socket.off('close', onClose);
      signal.removeEventListener('abort', onAbort);
    }
    function onEvent(): void {
      finish();
      resolve(socket);
    }
    function onError(error: Error): void {
      finish();
      socket.destroy();
      reject(explain(error));
    }
    function onClose(): void {
      onError(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    }
    function onAbort(): void {
      finish();
      socket.destroy();
      reject(abortReason(signal));
    }
    // Stays for good: an error between two steps of a dial must not end the process.
    socket.on('error', ignore);
    socket.on(event, onEvent);
    socket.on('error', onError);
    socket.on('close', onClose);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) {
      onAbort();
    }
  });
}

function ignore(): void {}
