import assert from 'node:assert/strict';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createSystemClock } from '../../platform/adapters.ts';
import { createFastPath } from './fast-path.ts';
import type { FastPath } from './fast-path.ts';
import type { FastPathAnswer, FastPathSettings } from './fast-path-settings.ts';
import type { SocketReply } from './socket-reply.ts';

const SETTINGS: FastPathSettings = {
  firstByteMilliseconds: 10_000,
  keepAliveMilliseconds: 10_000,
  silenceMilliseconds: 10_000,
  maximumHeaderBytes: 16 * 1024,
};

interface Running {
  readonly fastPath: FastPath;
  readonly handedOver: () => number;
  open(): Client;
}

interface Client {
  readonly socket: Socket;
  send(text: string): void;
  /** Until this many answers, by their status lines, or the end. */
  receive(pattern: RegExp): Promise<string>;
  readonly ended: Promise<string>;
}

/** The fast path with a whole HTTP server behind it that says "slow". */
async function start(
  context: TestContext,
  answer: FastPathAnswer,
  settings = SETTINGS,
): Promise<Running> {
  const behind = createHttpServer((_request, reply) => reply.end('slow'));
  let handed = 0;
  const fastPath = createFastPath(
    {
      clock: createSystemClock(),
      answer,
      handOver(socket) {
        handed += 1;
        behind.emit('connection', socket);
      },
    },
    settings,
  );
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    fastPath.accept(socket);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  context.after(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return {
    fastPath,
    handedOver: () => handed,
    open() {
      const client = openClient(port);
      sockets.add(client.socket);
      return client;
    },
  };
}

function openClient(port: number): Client {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.setEncoding('latin1');
  let text = '';
  const waiting = new Set<() => void>();
  const ended = Promise.withResolvers<string>();
  socket.on('data', (data: string) => {
    text += data;
    for (const check of waiting) check();
  });
  socket.on('error', () => undefined);
  socket.on('end', () => socket.end());
  socket.on('close', () => ended.resolve(text));
  return {
    socket,
    send: (request) => void socket.write(request, 'latin1'),
    async receive(pattern) {
      const { promise, resolve } = Promise.withResolvers<string>();
      const check = (): void => {
        if (pattern.test(text)) resolve(text);
      };
      waiting.add(check);
      check();
      return Promise.race([promise, ended.promise]);
    },
    ended: ended.promise,
  };
}

/** Answers at once with the path. */
const echo: FastPathAnswer = (head, reply) => {
  const body = Buffer.from(head.target);
  reply.writeHead(200, ['Content-Length', String(body.length)]);
  reply.end(body);
  return true;
};

const get = (path: string, headers = ''): string =>
  `GET ${path} HTTP/1.1\r\nHost: h\r\n${headers}\r\n`;

test('one connection carries many answers, and HEAD has the headers of GET alone', async (context) => {
  const running = await start(context, echo);
  const client = running.open();
  client.send(get('/one'));
  assert.match(
    await client.receive(/\/one$/),
    /^HTTP\/1\.1 200 OK\r\nContent-Length: 4\r\nDate: .* GMT\r\n\r\n\/one$/,
  );
  client.send('HEAD /two HTTP/1.1\r\n\r\n');
  client.send(get('/three'));
  const all = await client.receive(/\/three$/);
  assert.equal(all.match(/200 OK/g)?.length, 3);
  assert.doesNotMatch(all, /\/two/);
  assert.equal(running.handedOver(), 0);
});

test('a request in pieces, or one with more to say, goes to the server behind with all that follows', async (context) => {
  const running = await start(context, echo);
  const [first, rest] = [get('/a').slice(0, 9), get('/a').slice(9)];
  {
    const client = running.open();
    client.send(first);
    await new Promise((resolve) => setTimeout(resolve, 20));
    client.send(rest);
    assert.match(await client.receive(/slow/), /slow/);
  }
  {
    const client = running.open();
    client.send(get('/fast'));
    await client.receive(/\/fast$/);
    client.send(get('/a') + get('/b', 'Connection: keep-alive\r\n') + get('/c'));
    const all = await client.receive(/\/a[^]*slow[^]*slow/);
    assert.equal(all.match(/200 OK/g)?.length, 4);
  }
  {
    const client = running.open();
    client.send(get('/a', 'Connection: close\r\n'));
    assert.match(await client.ended, /slow/);
  }
  assert.equal(running.handedOver(), 3);
});

test('thousands of requests in one go are answered in turn, wherever they are cut', async (context) => {
  const running = await start(context, echo);
  const client = running.open();
  const targets = Array.from({ length: 1500 }, (_, index) => `/${index}/`);
  client.send(targets.map((target) => get(target)).join(''));
  const all = await client.receive(/\/1499\/$/);
  const bodies = [...all.matchAll(/\r\n\r\n(\/\d+\/)/g)].map(([, body]) => body);
  assert.deepEqual(bodies, targets);
  assert.equal(running.handedOver(), 0);
  client.send(get('/last'));
  await client.receive(/\/last$/);
});

test('what the answerer does not take goes to the server behind', async (context) => {
  const running = await start(context, () => false);
  const client = running.open();
  client.send(get('/-/healthz'));
  assert.match(await client.receive(/slow/), /slow/);
});

/** Keeps the answers for the test to finish. */
function later(): { readonly replies: SocketReply[]; readonly answer: FastPathAnswer } {
  const replies: SocketReply[] = [];
  return {
    replies,
    answer(_head, reply) {
      replies.push(reply);
      return true;
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

test('the next request waits for the answer before it', async (context) => {
  const { replies, answer } = later();
  const running = await start(context, answer);
  const client = running.open();
  client.send(get('/a'));
  await until(() => replies.length === 1);
  client.send(get('/b'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(replies.length, 1);
  replies[0]?.writeHead(200, ['Content-Length', '1']);
  replies[0]?.end(Buffer.from('a'));
  await until(() => replies.length === 2);
  replies[1]?.writeHead(200, ['Content-Length', '1']);
  replies[1]?.end(Buffer.from('b'));
  assert.match(await client.receive(/b$/), /\r\n\r\naHTTP[^]*\r\n\r\nb$/);
});

test('a body of unknown length is chunked, and one that breaks off never looks whole', async (context) => {
  const { replies, answer } = later();
  const running = await start(context, answer);
  const client = running.open();
  client.send(get('/a'));
  await until(() => replies.length === 1);
  replies[0]?.writeHead(200, []);
  replies[0]?.write(Buffer.from('hello'), () => undefined);
  replies[0]?.end();
  const all = await client.receive(/\r\n0\r\n\r\n$/);
  assert.match(all, /Transfer-Encoding: chunked\r\n[^]*\r\n\r\n5\r\nhello\r\n0\r\n\r\n$/);
  client.send(get('/b'));
  await until(() => replies.length === 2);
  let isClosed = false;
  replies[1]?.once('close', () => (isClosed = true));
  replies[1]?.writeHead(200, []);
  replies[1]?.write(Buffer.from('half'), () => undefined);
  await client.receive(/half\r\n$/);
  replies[1]?.destroy();
  assert.match(await client.ended, /half\r\n$/);
  await until(() => isClosed);
  assert.equal(replies[1]?.destroyed, true);
});

test('a client that leaves closes the answer that was being made', async (context) => {
  const { replies, answer } = later();
  const running = await start(context, answer);
  const client = running.open();
  client.send(get('/a'));
  await until(() => replies.length === 1);
  const closed = new Promise<void>((resolve) => replies[0]?.once('close', resolve));
  client.socket.resetAndDestroy();
  await closed;
  assert.equal(replies[0]?.destroyed, true);
});

test('a client that closed its half still gets its answer, and then the end', async (context) => {
  const { replies, answer } = later();
  const running = await start(context, answer);
  const client = running.open();
  client.socket.end(get('/a'));
  await until(() => replies.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  replies[0]?.writeHead(200, ['Content-Length', '2']);
  replies[0]?.end(Buffer.from('ok'));
  assert.match(await client.ended, /Connection: close\r\n\r\nok$/);
});

test('a client that asks and never reads holds a bounded amount', async (context) => {
  const body = Buffer.alloc(1024 * 1024);
  let answers = 0;
  const running = await start(context, (_head, reply) => {
    answers += 1;
    reply.writeHead(200, ['Content-Length', String(body.length)]);
    reply.end(body);
    return true;
  });
  const client = running.open();
  client.socket.pause();
  for (let index = 0; index < 60; index++) {
    client.send(get('/a'));
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  assert.ok(answers < 20, `${answers} answers were made for nobody`);
});

test('silence before, between and in requests ends the connection', async (context) => {
  const settings = {
    ...SETTINGS,
    firstByteMilliseconds: 30,
    keepAliveMilliseconds: 60,
    silenceMilliseconds: 30,
  };
  {
    const running = await start(context, echo, settings);
    const client = running.open();
    assert.equal(await client.ended, '');
    const second = running.open();
    second.send(get('/a'));
    assert.match(await second.ended, /\/a$/);
  }
  const running = await start(context, () => true, settings);
  const client = running.open();
  client.send(get('/a'));
  assert.equal(await client.ended, '');
});

test('a drain ends idle connections at once and the others after their answer', async (context) => {
  const { replies, answer } = later();
  const running = await start(context, answer);
  const idle = running.open();
  const busy = running.open();
  await once(idle.socket, 'connect');
  busy.send(get('/a'));
  await until(() => replies.length === 1);
  running.fastPath.drain();
  assert.equal(await idle.ended, '');
  replies[0]?.writeHead(200, ['Content-Length', '2']);
  replies[0]?.end(Buffer.from('ok'));
  assert.match(await busy.ended, /Connection: close\r\n\r\nok$/);
});

test('a header value cannot begin another line', async (context) => {
  let thrown: unknown;
  const running = await start(context, (_head, reply) => {
    try {
      reply.writeHead(200, ['ETag', 'a\r\nb: c']);
    } catch (error) {
      thrown = error;
    }
    reply.destroy();
    return true;
  });
  const client = running.open();
  client.send(get('/a'));
  await client.ended;
  assert.match(String(thrown), /would break its line/);
});
