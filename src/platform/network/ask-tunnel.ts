import { isIPv6 } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Endpoint, ProxyEndpoint } from './network.ts';
import { openSocket, untilEvent } from './open-socket.ts';
import { NonsenseError } from './socket-failure.ts';

export interface TunnelAnswer {
  readonly status: number;
  readonly schemes: readonly string[];
}

/** An answer to CONNECT is a few lines. */
const HEAD_BYTES = 16 * 1024;

/** A proxy's own certificate is the HTTP client's affair; here only its answer counts. */
export async function openProxy(proxy: ProxyEndpoint, signal: AbortSignal): Promise<Socket> {
  const socket = await openSocket(proxy, signal);
  if (!proxy.secure) return socket;
  const secured = connectTls({ socket, host: proxy.host, rejectUnauthorized: false });
  await untilEvent(secured, 'secureConnect', signal);
  return secured;
}

/** CONNECT on a connection to the proxy (RFC 9110, section 9.3.6), which then leads to the target when the status is 200. */
export async function askTunnel(
  socket: Socket,
  proxy: ProxyEndpoint,
  target: Endpoint,
  signal: AbortSignal,
): Promise<TunnelAnswer> {
  const host = isIPv6(target.host) ? `[${target.host}]` : target.host;
  const authority = `${host}:${target.port}`;
  const credentials =
    proxy.authorization === undefined ? '' : `Proxy-Authorization: ${proxy.authorization}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${credentials}\r\n`);
  let head = '';
  while (!head.includes('\r\n\r\n')) {
    await untilEvent(socket, 'readable', signal);
    const piece = socket.read() as Buffer | null;
    head += piece?.toString('latin1') ?? '';
    if (head.length > HEAD_BYTES) throw new NonsenseError('a head without end');
    if (head.length >= 5 && !head.startsWith('HTTP/')) throw new NonsenseError('no HTTP');
  }
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  if (status === undefined) throw new NonsenseError('no status');
  const schemes = [...head.matchAll(/^proxy-authenticate: ?([\w-]{1,30})/gim)];
  return { status: Number(status), schemes: schemes.map(([, scheme = '']) => scheme) };
}
