import type { Socket } from 'node:net';
import { connectFailed, describeSocketError, protocolError } from './http-client-errors.ts';
import { nameOf } from './http-client-dial.ts';
import type { Endpoint } from './http-client-dial.ts';
import { readUntil } from './http-client-read.ts';
import { ProgramError } from '../errors.ts';

export interface TunnelRequest {
  readonly target: Endpoint;
  /** The proxy as errors name it. */
  readonly proxy: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A proxy's answer to CONNECT is a few lines; pages that explain a refusal come after its head. */
const HEAD_BYTES = 16 * 1024;

/** Asks an HTTP proxy for a tunnel (RFC 9110, section 9.3.6); the socket then leads to the target. */
export async function openTunnel(
  socket: Socket,
  request: TunnelRequest,
  signal: AbortSignal,
): Promise<void> {
  const authority = nameOf(request.target);
  const where = `${authority} through ${request.proxy}`;
  const lines = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(
    `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${lines.join('')}\r\n`,
    'latin1',
  );
  const head = await readUntil(socket, signal, {
    isComplete: (bytes) => {
      const end = bytes.indexOf('\r\n\r\n');
      return end < 0 ? undefined : end + 4;
    },
    limitBytes: HEAD_BYTES,
    explain: (error) =>
      connectFailed(where, `${describeSocketError(error)} while asking for a tunnel`, error),
    tooLong: () => protocolError(request.proxy, 'its answer to CONNECT is too long'),
  });
  const status = /^HTTP\/1\.[01] ([0-9]{3})(?: |\r)/.exec(head.toString('latin1'))?.[1];
  if (status === '200') {
    return;
  }
  socket.destroy();
  if (status === undefined) {
    throw protocolError(request.proxy, 'its answer to CONNECT is no HTTP response');
  }
  throw tunnelRefused(where, status);
}

function tunnelRefused(where: string, status: string): ProgramError {
  return new ProgramError({
    code: 'http-connect-failed',
    kind: 'unavailable',
    message: `connecting to ${where}: the proxy answered ${status}`,
    hint:
      status === '407'
        ? "Put the proxy's user name and password into HTTPS_PROXY, as in http://user:password@host:port."
        : 'Check that the proxy allows this host, or except the host in NO_PROXY.',
    details: { where, status: Number(status) },
  });
}
