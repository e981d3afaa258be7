import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { createHeadReader } from './request-head.ts';

function read(text: string): unknown {
  const head = createHeadReader().read(text);
  return head === undefined ? undefined : { ...head, headers: { ...head.headers } };
}

test('a plain request is read', () => {
  assert.deepEqual(read('GET /a/@v/v1.0.0.info HTTP/1.1\r\nHost: x\r\nUser-Agent:  Go \r\n\r\n'), {
    method: 'GET',
    target: '/a/@v/v1.0.0.info',
    headers: { host: 'x', 'user-agent': 'Go' },
  });
  assert.deepEqual(read('HEAD / HTTP/1.1\r\n\r\n'), { method: 'HEAD', target: '/', headers: {} });
});

test('what is not exactly one plain request is left to node:http', () => {
  for (const text of [
    '',
    'GET / HTTP/1.1\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.0\r\n\r\n',
    'POST / HTTP/1.1\r\n\r\n',
    'GET http://host/ HTTP/1.1\r\n\r\n',
    'GET /a b HTTP/1.1\r\n\r\n',
    'GET  / HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.1\nHost: x\n\n',
    'GET / HTTP/1.1\r\nHost : x\r\n\r\n',
    'GET / HTTP/1.1\r\n Host: x\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n',
    'GET / HTTP/1.1\r\nA: 1\r\na: 2\r\n\r\n',
    'GET / HTTP/1.1\r\nA: \u0000\r\n\r\n',
    'GET / HTTP/1.1\r\nA: x\ny\r\n\r\n',
    'GET / HTTP/1.1\r\nContent-Length: 3\r\n\r\n',
    'GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n',
    'GET / HTTP/1.1\r\nConnection: close\r\n\r\n',
    'GET / HTTP/1.1\r\nExpect: 100-continue\r\n\r\n',
    'GET / HTTP/1.1\r\nUpgrade: h2c\r\n\r\n',
    'GET /\u00e4 HTTP/1.1\r\n\r\n',
  ]) {
    assert.equal(read(text), undefined, JSON.stringify(text));
  }
});

test('the headers of a connection are read anew when they change', () => {
  const reader = createHeadReader();
  const first = reader.read('GET /a HTTP/1.1\r\nRange: bytes=0-1\r\n\r\n');
  const same = reader.read('GET /b HTTP/1.1\r\nRange: bytes=0-1\r\n\r\n');
  const other = reader.read('GET /c HTTP/1.1\r\nRange: bytes=0-2\r\n\r\n');
  assert.equal(first?.headers, same?.headers);
  assert.equal(other?.headers['range'], 'bytes=0-2');
  assert.equal(reader.read('GET /d HTTP/1.1\r\n\r\n')?.headers['range'], undefined);
});

/** Pieces that are legal, nearly legal and not legal at all. */
const piece = fc.oneof(
  fc.constantFrom(
    ': ',
    ':',
    '\r\n',
    '\n',
    '\r',
    ' ',
    '\t',
    'Host',
    'x',
    'A',
    'a',
    'gzip',
    '\u0000',
  ),
  fc.constantFrom('Range', 'Content-Length', '0', '\u00e4', '/', '%2e', ',', '"', 'Connection'),
);
const line = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('Host: h', 'Accept-Encoding: gzip', 'X-A:b', 'If-None-Match: "e"'),
  },
  { weight: 1, arbitrary: fc.array(piece, { maxLength: 6 }).map((parts) => parts.join('')) },
);
const request = fc
  .tuple(
    fc.constantFrom('GET', 'HEAD', 'GET ', 'get'),
    fc.constantFrom('/', '/a/@v/v1.info', '/-/x?y=1', '/%zz', '//', '/a\tb', '*'),
    fc.array(line, { maxLength: 4 }),
  )
  .map(
    ([method, target, lines]) =>
      `${method} ${target} HTTP/1.1\r\n${lines.map((one) => `${one}\r\n`).join('')}\r\n`,
  );

test("whatever the fast path reads, Node's parser reads alike", async () => {
  const server = createServer({ requireHostHeader: false }, (incoming, reply) => {
    const { method, url, headers } = incoming;
    reply.end(JSON.stringify({ method, target: url, headers }));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  let taken = 0;
  try {
    await fc.assert(
      fc.asyncProperty(request, async (text) => {
        const head = read(text);
        if (head === undefined) return;
        taken += 1;
        const answer = await exchange(port, text);
        const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
        if ((head as { method: string }).method === 'HEAD') assert.match(answer, /^HTTP\/1.1 200/);
        else assert.deepEqual(JSON.parse(body), head);
      }),
      { numRuns: 400 },
    );
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  assert.ok(taken > 50, `only ${taken} of 400 requests were plain`);
});

async function exchange(port: number, text: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1');
  socket.on('data', (data: string) => (answer += data));
  socket.on('close', () => resolve(answer));
  socket.on('error', reject);
  socket.end(text, 'latin1');
  return promise;
}
