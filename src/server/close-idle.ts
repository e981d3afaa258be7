import type { Server } from 'node:http';
import type { Http2SecureServer } from 'node:http2';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** Connections that wait for a request, or for the rest of one. */
export interface IdleConnections {
  /** From here on node:http reads this one. */
  add(connection: Socket): void;
  /** Closes them for good, whatever their clients do. */
  close(): void;
}

/**
 * node:http takes a connection that has sent nothing yet, or half a request, for a busy one and leaves
 * it open until a limit of time ends it. Whoever stops must not wait for that.
 */
export function createIdleConnections(
  isAnswering: (connection: Socket) => boolean,
): IdleConnections {
  const connections = new Set<Socket>();
  return {
    add(connection) {
      connections.add(connection);
      connection.once('close', () => connections.delete(connection));
    },
    close() {
      for (const connection of connections) {
        if (!isAnswering(connection)) connection.destroySoon();
      }
    },
  };
}

/** The same for TLS, where some have not even ended their handshake. HTTP/2 sessions close themselves. */
export function watchSecure(server: Http2SecureServer, idle: IdleConnections): IdleConnections {
  const handshakes = new Map<string, Socket>();
  server.on('connection', (connection: Socket) => {
    const name = nameOf(connection);
    handshakes.set(name, connection);
    connection.once('close', () => {
      if (handshakes.get(name) === connection) handshakes.delete(name);
    });
  });
  server.on('secureConnection', (connection: TLSSocket) => {
    handshakes.delete(nameOf(connection));
    if (connection.alpnProtocol !== 'h2') idle.add(connection);
  });
  return {
    add: idle.add,
    close() {
      idle.close();
      for (const connection of handshakes.values()) connection.destroy();
    },
  };
}

/**
 * node:http takes an answer for over once it was handed to the connection, and so its own closing breaks
 * off a large one that the client still reads. Connections that `createIdleConnections` knows need none.
 */
export function keepAnswering(server: Server | Http2SecureServer): void {
  Object.assign(server, { closeIdleConnections: () => undefined });
}

/** What TCP itself tells connections apart by: a socket of TLS does not say which one it stands on. */
function nameOf(connection: Socket): string {
  const { remoteAddress, remotePort, localAddress, localPort } = connection;
  return [remoteAddress, remotePort, localAddress, localPort].join(' ');
}
