import { createServer as createHttpServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createNetServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { KeyPair } from './certificates.ts';

export interface LoopbackServer {
  /** Without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Connections accepted so far. */
  accepted(): number;
  /** Connections open now. */
  open(): number;
  /** Breaks every open connection. */
  cut(): void;
}

/** An HTTP server, over TLS with a key pair, that ends with the test. */
export async function startHttpServer(
  test: TestContext,
  listener: RequestListener,
  pair?: KeyPair,
): Promise<LoopbackServer> {
  const server =
    pair === undefined
      ? createHttpServer({ keepAliveTimeout: 30_000 }, listener)
      : createHttpsServer({ ...pair, keepAliveTimeout: 30_000 }, listener);
  return listen(test, server, pair === undefined ? 'http' : 'https');
}

/** A server that says what the test writes, byte for byte. */
export async function startRawServer(
  test: TestContext,
  onSocket: (socket: Socket) => void,
): Promise<LoopbackServer> {
  return listen(test, createNetServer(onSocket), 'http');
}

/** Answers each connection's first request with `text` and then does `afterwards`. */
export async function startCannedServer(
  test: TestContext,
  text: string,
  afterwards: 'end' | 'reset' | 'stall' = 'end',
): Promise<LoopbackServer> {
  return startRawServer(test, (socket) => {
    socket.once('data', () => {
      socket.write(text, 'latin1', () => {
        if (afterwards === 'end') socket.end();
        if (afterwards === 'reset') socket.resetAndDestroy();
      });
    });
  });
}

export async function listen(
  test: TestContext,
  server: Server,
  scheme: string,
): Promise<LoopbackServer> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  server.on('connection', (socket: Socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  function cut(): void {
    for (const socket of sockets) socket.destroy();
  }
  test.after(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    cut();
    await closed;
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    accepted: () => accepted,
    open: () => sockets.size,
    cut,
  };
}
