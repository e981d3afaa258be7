import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createTrustStore } from '../trust-store.ts';
import type { TrustStore } from '../trust-store.ts';
import { askResolver } from './ask-resolver.ts';
import { askTunnel, openProxy } from './ask-tunnel.ts';
import type { Endpoint, LookedUp, Network, Reached, Tunnelled, TunnelTrial } from './network.ts';
import { openSocket, startLimit } from './open-socket.ts';
import { shakeHands } from './shake-hands.ts';
import { codeOf, SilenceError, socketFailure } from './socket-failure.ts';

export interface SystemNetworkNeeds {
  /** One of its own when absent. */
  readonly trust?: TrustStore | undefined;
}

export interface SystemNetworkSettings {
  /** Where trust stores are named. */
  readonly environment: Readonly<Record<string, string>>;
}

export function createNetwork(needs: SystemNetworkNeeds, settings: SystemNetworkSettings): Network {
  const trust = needs.trust ?? createTrustStore({ ...settings, platform: process.platform });
  return {
    askResolver,
    lookUp,
    connect: reach,
    tunnel: tryTunnel,
    handshake: (request, signal) => shakeHands(trust, request, signal),
    families,
  };
}

async function lookUp(host: string, milliseconds: number, signal: AbortSignal): Promise<LookedUp> {
  if (isIP(host) !== 0) return { kind: 'found', addresses: [host], milliseconds: 0 };
  const began = performance.now();
  const limit = startLimit(milliseconds, signal);
  const { promise: over, reject } = Promise.withResolvers<never>();
  // The system's own look-up cannot be stopped; its answer then comes to nobody.
  limit.signal.addEventListener('abort', () => {
    const reason: unknown = limit.signal.reason;
    reject(reason instanceof Error ? reason : new Error('aborted'));
  });
  try {
    const found = await Promise.race([lookup(host, { all: true, order: 'verbatim' }), over]);
    const addresses = found.map(({ address }) => address).toSorted();
    return { kind: 'found', addresses, milliseconds: Math.round(performance.now() - began) };
  } catch (error) {
    signal.throwIfAborted();
    const spent = Math.round(performance.now() - began);
    const code = codeOf(error);
    return { kind: 'failed', reason: lookUpReason(error, code), code, milliseconds: spent };
  } finally {
    limit.end();
    over.catch(() => undefined);
  }
}

function lookUpReason(
  error: unknown,
  code: string,
): Extract<LookedUp, { kind: 'failed' }>['reason'] {
  if (error instanceof SilenceError) return 'silent';
  if (code === 'ENOTFOUND' || code === 'EAI_NODATA') return 'absent';
  return code === 'EAI_AGAIN' ? 'temporary' : 'other';
}

async function reach(
  endpoint: Endpoint,
  milliseconds: number,
  signal: AbortSignal,
): Promise<Reached> {
  const began = performance.now();
  const limit = startLimit(milliseconds, signal);
  try {
    const socket = await openSocket(endpoint, limit.signal);
    socket.destroy();
    return { kind: 'connected', milliseconds: Math.round(performance.now() - began) };
  } catch (error) {
    signal.throwIfAborted();
    return socketFailure(error, performance.now() - began);
  } finally {
    limit.end();
  }
}

async function tryTunnel(request: TunnelTrial, signal: AbortSignal): Promise<Tunnelled> {
  const began = performance.now();
  const limit = startLimit(request.milliseconds, signal);
  let socket: Socket | undefined;
  try {
    socket = await openProxy(request.proxy, limit.signal);
    const answer = await askTunnel(socket, request.proxy, request.target, limit.signal);
    const { status, schemes } = answer;
    const milliseconds = Math.round(performance.now() - began);
    return { kind: 'answered', status, schemes, milliseconds };
  } catch (error) {
    signal.throwIfAborted();
    const failure = socketFailure(error, performance.now() - began);
    return { ...failure, connected: socket !== undefined };
  } finally {
    limit.end();
    socket?.destroy();
  }
}

function families(): { readonly ipv4: boolean; readonly ipv6: boolean } {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const beyond = addresses.filter(
    // Link-local addresses lead nowhere by themselves (RFC 4291, section 2.5.6).
    ({ internal, address }) => !internal && !/^fe[89ab]/i.test(address),
  );
  return {
    ipv4: beyond.some(({ family }) => family === 'IPv4'),
    ipv6: beyond.some(({ family }) => family === 'IPv6'),
  };
}
