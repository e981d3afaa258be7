import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { verifyServerName } from '../verify-server-name.ts';
import type { TrustStore } from '../trust-store.ts';
import { askTunnel, openProxy } from './ask-tunnel.ts';
import type { CertificateFacts, Handshake, HandshakeRequest } from './network.ts';
import { openSocket, startLimit, untilEvent } from './open-socket.ts';
import { NonsenseError, socketFailure } from './socket-failure.ts';

/** Real chains have two to four; a loop of issuers ends here. */
const CHAIN_MAXIMUM = 10;

export async function shakeHands(
  trust: TrustStore,
  request: HandshakeRequest,
  signal: AbortSignal,
): Promise<Handshake> {
  // Read before the clock starts; a store that cannot be used trusts nobody, and the chain can still be shown.
  const context = await trust.context().catch(() => undefined);
  const began = performance.now();
  const limit = startLimit(request.milliseconds, signal);
  let step: 'connect' | 'tunnel' | 'tls' = 'connect';
  let socket: Socket | undefined;
  try {
    const { proxy, endpoint, serverName } = request;
    if (proxy === undefined) {
      socket = await openSocket(endpoint, limit.signal);
    } else {
      socket = await openProxy(proxy, limit.signal);
      step = 'tunnel';
      const tunnel = await askTunnel(socket, proxy, endpoint, limit.signal);
      if (tunnel.status !== 200) throw new NonsenseError(`status ${tunnel.status}`);
    }
    step = 'tls';
    const secured = connectTls({
      socket,
      host: serverName,
      ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
      ...(context === undefined ? {} : { secureContext: context }),
      ALPNProtocols: ['h2', 'http/1.1'],
      rejectUnauthorized: false,
    });
    await untilEvent(secured, 'secureConnect', limit.signal);
    const seen = described(secured, serverName);
    if (seen.protocol === 'TLSv1.3') await untilAccepted(secured);
    return {
      ...seen,
      milliseconds: Math.round(performance.now() - began),
    };
  } catch (error) {
    signal.throwIfAborted();
    return { ...socketFailure(error, performance.now() - began), step };
  } finally {
    limit.end();
    socket?.destroy();
  }
}

/** One round trip of a slow line. */
const ACCEPTED_MILLISECONDS = 300;

/**
 * In TLS 1.3 a server looks at what the client has to show when the client is done already. A session
 * ticket says that it is content; an alert is the error of the handshake.
 */
function untilAccepted(socket: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, ACCEPTED_MILLISECONDS);
    function done(): void {
      clearTimeout(timer);
      resolve();
    }
    socket.once('session', done);
    socket.once('close', done);
    socket.once('error', (error: Error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

function described(
  socket: TLSSocket,
  serverName: string,
): Omit<Extract<Handshake, { kind: 'done' }>, 'milliseconds'> {
  const certificate = socket.getPeerCertificate(true);
  const distrust: unknown = socket.authorizationError;
  return {
    kind: 'done',
    protocol: socket.getProtocol() ?? '',
    application: typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : '',
    chain: chainOf(certificate),
    distrust: socket.authorized ? undefined : distrustCode(distrust),
    namesServer: verifyServerName(serverName, certificate) === undefined,
  };
}

/** Node has the code as a text here, although its types say an error. */
function distrustCode(distrust: unknown): string {
  if (typeof distrust === 'string') return distrust;
  const { code } = (distrust ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : 'UNKNOWN';
}

function chainOf(first: DetailedPeerCertificate): readonly CertificateFacts[] {
  const chain: CertificateFacts[] = [];
  let current: DetailedPeerCertificate | undefined = first;
  while (current?.raw !== undefined && chain.length < CHAIN_MAXIMUM) {
    chain.push({
      subject: nameOf(current.subject),
      issuer: nameOf(current.issuer),
      validFrom: Date.parse(current.valid_from),
      validTo: Date.parse(current.valid_to),
      names: current.subjectaltname ?? '',
      signature: new X509Certificate(current.raw).signatureAlgorithm ?? '',
    });
    // A root is its own issuer.
    const next: DetailedPeerCertificate | undefined = current.issuerCertificate;
    if (next === undefined || next.fingerprint256 === current.fingerprint256) break;
    current = next;
  }
  return chain;
}

/** `CN=…, O=…`, the parts that people know. */
function nameOf(name: DetailedPeerCertificate['subject'] | undefined): string {
  const parts: string[] = [];
  for (const key of ['CN', 'O', 'OU'] as const) {
    const value = name?.[key] as string | readonly string[] | undefined;
    if (value !== undefined) parts.push(`${key}=${String(value).slice(0, 200)}`);
  }
  return parts.join(', ');
}
