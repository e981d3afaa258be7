import { createServer as createHttpServer, request as sendRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer as createNetServer } from 'node:net';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TestContext } from 'node:test';
import type { KeyPair } from './certificates.ts';
import { listen } from './http-servers.ts';
import type { LoopbackServer } from './http-servers.ts';

export interface ForwardProxy extends LoopbackServer {
  /** Request lines, or targets for SOCKS, in the order they came. */
  readonly asked: readonly string[];
}

export interface ForwardProxyOptions {
  /** `user:password` to insist on. */
  readonly credentials?: string;
  /** TLS to the proxy itself. */
  readonly pair?: KeyPair;
  /** Where every tunnel leads, for targets whose names do not exist. */
  readonly target?: number;
  /** A tunnel is refused with this status line. */
  readonly refuse?: string;
}

/** An HTTP forward proxy: absolute-form requests and CONNECT. */
export async function startHttpProxy(
  test: TestContext,
  options: ForwardProxyOptions = {},
): Promise<ForwardProxy> {
  const asked: string[] = [];
  function refusal(message: IncomingMessage): string | undefined {
    asked.push(`${message.method ?? ''} ${message.url ?? ''}`);
    const expected =
      options.credentials && `Basic ${Buffer.from(options.credentials).toString('base64')}`;
    if (expected && message.headers['proxy-authorization'] !== expected) {
      return '407 Proxy Authentication Required';
    }
    return options.refuse;
  }
  function onRequest(message: IncomingMessage, response: ServerResponse): void {
    const refused = refusal(message);
    if (refused !== undefined) {
      response.writeHead(Number(refused.slice(0, 3))).end();
      return;
    }
    const url = new URL(message.url ?? '');
    const { 'proxy-authorization': _dropped, ...headers } = message.headers;
    const port = options.target ?? url.port;
    const onward = sendRequest(
      { host: '127.0.0.1', port, path: url.pathname, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    onward.end();
  }
  const { pair } = options;
  const server = pair ? createHttpsServer({ ...pair }, onRequest) : createHttpServer(onRequest);
  server.on('connect', (message: IncomingMessage, socket: Duplex) => {
    const refused = refusal(message);
    if (refused !== undefined) {
      socket.end(`HTTP/1.1 ${refused}\r\n\r\n`);
      return;
    }
    const port = options.target ?? Number(message.url?.split(':').at(-1));
    join(socket, connect(port, '127.0.0.1'), 'HTTP/1.1 200 Connection established\r\n\r\n');
  });
  return { ...(await listen(test, server, pair ? 'https' : 'http')), asked };
}

/** A SOCKS5 proxy (RFC 1928) that logs what it was asked to connect to. */
export async function startSocksProxy(
  test: TestContext,
  options: ForwardProxyOptions = {},
): Promise<ForwardProxy> {
  const asked: string[] = [];
  async function serve(socket: Socket): Promise<void> {
    const read = reader(socket);
    const [, methodCount = 0] = await read(2);
    const methods = await read(methodCount);
    const method = options.credentials === undefined ? 0 : 2;
    if (!methods.includes(method)) {
      socket.end(Buffer.from([5, 0xff]));
      return;
    }
    socket.write(Buffer.from([5, method]));
    if (method === 2) {
      const [, nameLength = 0] = await read(2);
      const name = await read(nameLength);
      const [passwordLength = 0] = await read(1);
      const password = await read(passwordLength);
      const good = `${name.toString()}:${password.toString()}` === options.credentials;
      socket.write(Buffer.from([1, good ? 0 : 1]));
      if (!good) return;
    }
    const kind = (await read(4))[3];
    const [nameLength = 0] = kind === 3 ? await read(1) : [];
    const address = await read(kind === 3 ? nameLength : kind === 1 ? 4 : 16);
    const port = (await read(2)).readUInt16BE();
    const host = kind === 3 ? address.toString() : [...address].join('.');
    asked.push(`${kind === 3 ? 'name' : 'address'} ${host}:${port}`);
    if (options.refuse !== undefined) {
      socket.end(Buffer.from([5, Number(options.refuse), 0, 1, 0, 0, 0, 0, 0, 0]));
      return;
    }
    join(
      socket,
      connect(options.target ?? port, '127.0.0.1'),
      Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
    );
  }
  const server = createNetServer((socket) => {
    serve(socket).catch(() => socket.destroy());
  });
  return { ...(await listen(test, server, 'socks5')), asked };
}

function join(client: Duplex, onward: Socket, greeting: string | Buffer): void {
  onward.on('connect', () => {
    client.write(greeting);
    client.pipe(onward).pipe(client);
  });
  onward.on('error', () => client.destroy());
  onward.on('close', () => client.destroy());
  client.on('error', () => onward.destroy());
  client.on('close', () => onward.destroy());
}

/** Reads exact numbers of bytes and leaves the rest in the socket. */
function reader(socket: Socket): (length: number) => Promise<Buffer> {
  return async (length) => {
    for (;;) {
      const bytes: Buffer | null =
        length === 0 ? Buffer.alloc(0) : (socket.read(length) as Buffer | null);
      if (bytes !== null) return bytes;
      await new Promise<void>((resolve, reject) => {
        socket.once('readable', resolve);
        socket.once('close', () => reject(new Error('closed')));
      });
    }
  };
}
