import { createServer as createHttpServer } from 'node:http';
import type { RequestListener, Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createNetServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';

/** Something that listens on an address of the laboratory's network. */
export interface Site {
  readonly address: string;
  readonly port: number;
}

export interface Sites {
  http(address: string, port: number, listener: RequestListener, tls?: TlsOptions): Promise<Site>;
  raw(address: string, port: number, onSocket: (socket: Socket) => void): Promise<Site>;
  /** For what the helpers here do not make: a forward proxy, say. */
  listen(address: string, port: number, server: Server | HttpServer): Promise<Site>;
  close(): Promise<void>;
}

export function createSites(): Sites {
  const closers: (() => Promise<void>)[] = [];

  async function listen(address: string, port: number, server: Server | HttpServer): Promise<Site> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, address, resolve);
    });
    closers.push(async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    });
    return { address, port };
  }

  return {
    listen,
    http: async (address, port, listener, tls) =>
      listen(
        address,
        port,
        tls === undefined
          ? createHttpServer(listener)
          : createHttpsServer({ ...tls, ALPNProtocols: ['http/1.1'] }, listener),
      ),
    raw: async (address, port, onSocket) => listen(address, port, createNetServer(onSocket)),
    close: async () => {
      await Promise.all(closers.splice(0).map(async (close) => close()));
    },
  };
}
