import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Kind } from './kinds.ts';

export interface Upstream {
  readonly port: number;
  /** What was sent to it as traces. */
  readonly received: () => string;
  close(): Promise<void>;
}

/** `m.test/WAY/KIND`: an upstream that says each secret in each way an upstream can say something. */
export async function startUpstream(kinds: readonly Kind[]): Promise<Upstream> {
  const bodies: Buffer[] = [];
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      request.on('data', (bytes: Buffer) => bodies.push(bytes));
      request.on('end', () => response.end('{}'));
      return;
    }
    answer(kinds, request, response);
  });
  // A forward proxy that wants other credentials, and says so.
  server.on('connect', (_, socket) => {
    socket.end(`HTTP/1.1 407 Proxy Authentication Required\r\n\r\n`);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    received: () => Buffer.concat(bodies).toString('latin1'),
    close: async () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

export const ways = ['body403', 'body500', 'redirect', 'headers', 'reason'] as const;

function answer(kinds: readonly Kind[], request: IncomingMessage, response: ServerResponse): void {
  const [, way = '', name] = /^\/m\.test\/([a-z0-9]+)\/([a-z-]+)\//.exec(request.url ?? '') ?? [];
  const kind = kinds.find((one) => one.name === name);
  if (kind === undefined) {
    response.writeHead(500, { 'content-type': 'text/plain' }).end('this upstream knows nothing');
    return;
  }
  const oneLine = kind.line.replaceAll(/[\r\n]+/g, ' ');
  if (way === 'body403' || way === 'body500') {
    response.writeHead(Number(way.slice(4)), { 'content-type': 'text/plain; charset=utf-8' });
    response.end(`refused because of\n${kind.line}\n`);
  } else if (way === 'redirect') {
    const secret = encodeURIComponent(kind.secrets[0] ?? '');
    const location = `http://me:${secret}@127.0.0.1:1/x?token=${secret}#${secret}`;
    response.writeHead(302, { location }).end();
  } else if (way === 'headers') {
    response
      .writeHead(500, {
        'content-type': 'text/plain',
        'www-authenticate': `Bearer realm="${(kind.secrets[0] ?? '').replaceAll('"', '')}"`,
        'x-debug': oneLine,
        'set-cookie': `id=${kind.secrets[0] ?? ''}`,
        etag: `"${kind.secrets[0] ?? ''}"`,
      })
      .end('no');
  } else {
    response.writeHead(503, `Bad ${oneLine}`.slice(0, 2000)).end('no');
  }
}
