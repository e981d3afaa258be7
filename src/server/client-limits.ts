import type { Server } from 'node:http';
import type { Http2SecureServer } from 'node:http2';
import type { Socket } from 'node:net';
import type { Meter } from '../platform/index.ts';

/** One CI machine behind one address opens a few hundred; a thousand more is a mistake. */
const MAXIMUM_CONNECTIONS_PER_CLIENT = 2048;

/** Closes what one client has too many of. Of several worker processes each counts its own. */
export function limitClients(
  server: Server | Http2SecureServer,
  needs: { readonly meter: Pick<Meter, 'counter' | 'observe'> },
  sockets: ReadonlySet<Socket>,
): void {
  const perClient = new Map<string, number>();
  const refused = needs.meter.counter(
    'cofferdam_connections_refused_total',
    'Connections closed because a client had too many.',
  );
  needs.meter.observe('cofferdam_connections', 'Open client connections.', () => sockets.size);
  server.on('connection', (socket: Socket) => {
    const client = socket.remoteAddress ?? 'unknown';
    const count = (perClient.get(client) ?? 0) + 1;
    if (count > MAXIMUM_CONNECTIONS_PER_CLIENT) {
      refused.with().add();
      socket.destroy();
      return;
    }
    perClient.set(client, count);
    socket.once('close', () => {
      const left = (perClient.get(client) ?? 1) - 1;
      if (left === 0) {
        perClient.delete(client);
      } else {
        perClient.set(client, left);
      }
    });
  });
}
