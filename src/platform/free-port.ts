import { createServer } from 'node:net';

/**
 * A port that is free at this moment: processes that share a listening socket must all name the same
 * one. Rejects as listening would.
 */
export async function findFreePort(host: string): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port: 0, exclusive: true }, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
