// Clients that mean harm: each costs little, gets a status or a closed connection, and others are served.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { readAnswer } from '../support/read-answer.ts';
import { startOrigin } from '../support/start-origin.ts';
import { startProgram } from '../support/start-program.ts';
import type { StartedProgram } from '../support/start-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { readMetric, residentMebibytes } from '../support/watch-process.ts';

const SMALL = { path: 'm.test/small', version: 'v1.0.0', zipBytes: 30_000 };
/** Larger than what is kept in memory. */
const LARGE = { path: 'm.test/large', version: 'v1.0.0', zipBytes: 40_000_000 };
const SMALL_ZIP = '/m.test/small/@v/v1.0.0.zip';
const LARGE_ZIP = '/m.test/large/@v/v1.0.0.zip';
const SMALL_INFO = '/m.test/small/@v/v1.0.0.info';
/** Beside the memory tier, which these tests keep small. */
const MEMORY_ARGUMENTS = ['--memory', '16MiB'];
/** What a few hundred hostile connections may cost. */
const MAXIMUM_GROWTH_MEBIBYTES = 150;

async function start(context: TestContext): Promise<StartedProgram> {
  const origin = await startOrigin(context, { modules: [SMALL, LARGE] });
  const store = await temporaryFolder(context);
  const serve = await startProgram(context, [
    '--store',
    store,
    '--upstream',
    origin.url,
    '--sumdb',
    'off',
    ...MEMORY_ARGUMENTS,
  ]);
  for (const path of [SMALL_INFO, SMALL_ZIP, LARGE_ZIP]) {
    assert.equal((await readAnswer(serve.address + path)).status, 200);
  }
  return serve;
}

async function open(
  context: TestContext,
  serve: StartedProgram,
  from = '127.0.0.1',
): Promise<Socket> {
  const { hostname, port } = new URL(serve.address);
  const socket = connect({ host: hostname, port: Number(port), localAddress: from });
  socket.on('error', () => socket.destroy());
  context.after(() => socket.destroy());
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  return socket;
}

/** Everything the server says until it closes or is silent for a while. */
async function converse(socket: Socket, text: string | Buffer, silence = 1000): Promise<string> {
  const pieces: Buffer[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, silence);
  socket.on('data', (piece: Buffer) => {
    pieces.push(piece);
    timer.refresh();
  });
  socket.once('close', resolve);
  socket.write(text);
  await promise;
  clearTimeout(timer);
  socket.destroy();
  return Buffer.concat(pieces).toString('latin1');
}

/** A client from another address gets its hits without noticing anything. */
async function othersAreServed(serve: StartedProgram): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    const begun = performance.now();
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    get(
      serve.address + SMALL_ZIP,
      { agent: false, localAddress: '127.0.0.2', timeout: 10_000 },
      (response) => {
        let length = 0;
        response.on('data', (piece: Buffer) => (length += piece.length));
        response.on('end', () => resolve(length));
      },
    ).on('error', reject);
    assert.equal(await promise, SMALL.zipBytes);
    const took = performance.now() - begun;
    assert.ok(took < 3000, `a hit took ${took.toFixed(0)} ms`);
  }
}

async function growsLittle(
  serve: StartedProgram,
  before: number,
  limit: number = MAXIMUM_GROWTH_MEBIBYTES,
): Promise<void> {
  const grown = (await residentMebibytes(serve.child.pid)) - before;
  assert.ok(grown < limit, `the server grew by ${grown.toFixed(0)} MiB`);
}

test('300 clients that ask for 40 MB and read nothing cost little, and others are served', async (context) => {
  const serve = await start(context);
  const before = await residentMebibytes(serve.child.pid);
  for (let count = 0; count < 300; count += 1) {
    const socket = await open(context, serve);
    socket.pause();
    socket.write(`GET ${LARGE_ZIP} HTTP/1.1\r\nHost: x\r\n\r\n`);
  }
  await pause(1000);
  await othersAreServed(serve);
  await growsLittle(serve, before);
});

test('clients that pipeline thousands of requests and read nothing wait, and cost little', async (context) => {
  const serve = await start(context);
  const before = await residentMebibytes(serve.child.pid);
  const requests = Buffer.from(`GET ${SMALL_ZIP} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(5000));
  for (let count = 0; count < 40; count += 1) {
    const socket = await open(context, serve);
    socket.pause();
    socket.write(requests);
  }
  await pause(2000);
  await othersAreServed(serve);
  await growsLittle(serve, before);
});

test('a flood of requests for what does not exist is answered, and others are served', async (context) => {
  const serve = await start(context);
  const before = await residentMebibytes(serve.child.pid);
  const floods = Array.from({ length: 30 }, async (_, client) => {
    const socket = await open(context, serve);
    const requests = Array.from(
      { length: 200 },
      (_one, index) => `GET /m.test/no${client}x${index}/@v/list HTTP/1.1\r\nHost: x\r\n\r\n`,
    );
    return converse(socket, requests.join(''), 5000);
  });
  await othersAreServed(serve);
  const answers = (await Promise.all(floods)).join('');
  assert.equal(answers.match(/^HTTP\/1\.1 404 /gmu)?.length, 6000);
  await growsLittle(serve, before);
});

test('one client may hold 2,048 connections; more are closed and counted, and others come in', async (context) => {
  const serve = await start(context);
  const before = await residentMebibytes(serve.child.pid);
  const sockets: Socket[] = [];
  for (let count = 0; count < 2200; count += 1) sockets.push(await open(context, serve));
  await pause(500);
  const closed = sockets.filter((socket) => socket.destroyed || socket.readableEnded).length;
  assert.ok(closed >= 100, `${closed} of 2200 were closed`);
  await othersAreServed(serve);
  await growsLittle(serve, before);
  for (const socket of sockets) socket.destroy();
  await pause(500);
  assert.ok((await readMetric(serve.address, 'cofferdam_connections_refused_total')) >= 100);
  assert.ok((await readMetric(serve.address, 'cofferdam_connections')) < 50);
});

test('ranges that make no sense get the whole body or 416, never wrong bytes and never a crash', async (context) => {
  const serve = await start(context);
  const whole = (await readAnswer(serve.address + SMALL_ZIP)).body;
  for (const range of [
    'bytes=5-2',
    'bytes=-0',
    'bytes=abc',
    'bytes=',
    'bytes=-',
    'bytes=--5',
    'items=0-5',
    'bytes=30000-',
    'bytes=99999999999999999999-',
    'bytes=0-99999999999999999999',
    'bytes=1e3-2e3',
    'bytes=0x10-0x20',
    'bytes= 1 - 2 ',
    'bytes=\t',
    'BYTES=0-1',
    'bytes=0-1,',
    `bytes=${Array.from({ length: 1000 }, (_, index) => `${index}-${index}`).join(',')}`,
    'bytes=0-,0-,0-,0-',
  ]) {
    for (const path of [SMALL_ZIP, LARGE_ZIP]) {
      const { status, headers, body, broken } = await readAnswer(serve.address + path, { range });
      assert.ok([200, 206, 416].includes(status), `${range}: ${status}`);
      assert.equal(broken, false, range);
      if (status === 200) assert.equal(body.length, path === SMALL_ZIP ? 30_000 : 40_000_000);
      if (status !== 206 || path === LARGE_ZIP) continue;
      const [, from, to] = /^bytes (\d+)-(\d+)\/30000$/u.exec(headers['content-range'] ?? '') ?? [];
      assert.deepEqual(body, whole.subarray(Number(from), Number(to) + 1), range);
    }
  }
  await othersAreServed(serve);
});

test('what is no request, or two at once, gets 400 or a closed connection', async (context) => {
  const serve = await start(context);
  const get = `GET ${SMALL_INFO} HTTP/1.1\r\n`;
  const refused: readonly (readonly [string, string | Buffer])[] = [
    ['no HTTP', 'hello\r\n\r\n'],
    ['binary', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x0d, 0x0a, 0x0d, 0x0a])],
    ['an unknown version', `GET ${SMALL_INFO} HTTP/9.9\r\n\r\n`],
    ['a header without a colon', `${get}Host x\r\n\r\n`],
    ['a NUL in a header', `${get}Host: x\r\nX: a\0b\r\n\r\n`],
    ['two lengths', `${get}Host: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab`],
    [
      'length and chunks',
      `${get}Host: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /evil HTTP/1.1\r\n\r\n`,
    ],
    ['a length that is no number', `${get}Host: x\r\nContent-Length: 5x\r\n\r\n`],
    ['a name with a space', `${get}Host : x\r\n\r\n`],
    ['a flood of headers', `${get}Host: x\r\n${'X-Flood: ffffffffffffffff\r\n'.repeat(3000)}\r\n`],
    ['a line without an end', `GET /${'a'.repeat(100_000)}`],
  ];
  for (const [name, text] of refused) {
    const said = await converse(await open(context, serve), text);
    const statuses = [...said.matchAll(/^HTTP\/1\.1 (\d{3}) /gmu)].map(([, status]) => status);
    assert.ok(
      statuses.length <= 1 && (statuses[0] ?? '400').startsWith('4'),
      `${name}: ${statuses.join(' ') || said.slice(0, 100)}`,
    );
  }
  // Its head is right, so it may be answered before the body is looked at; never twice.
  const badChunk = `${get}Host: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`;
  const said = await converse(await open(context, serve), badChunk);
  assert.equal(said.match(/^HTTP\/1\.1 /gmu)?.length ?? 0, 1, said);
  await othersAreServed(serve);
});

test('a body nobody asked for is not gathered', async (context) => {
  const serve = await start(context);
  const before = await residentMebibytes(serve.child.pid);
  const piece = Buffer.alloc(1 << 20, 'x');
  const sockets: Socket[] = [];
  for (let count = 0; count < 5; count += 1) {
    const socket = await open(context, serve);
    socket.resume();
    socket.write(`GET ${SMALL_INFO} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n`);
    for (let part = 0; part < 40 && !socket.destroyed; part += 1) {
      if (!socket.write(piece))
        await Promise.race([once(socket, 'drain'), once(socket, 'close'), pause(500)]);
    }
    sockets.push(socket);
  }
  await othersAreServed(serve);
  await growsLittle(serve, before);
});

test('a request that drips in is given up, and thousands of them cost little', async (context) => {
  const serve = await start(context);
  const before = await residentMebibytes(serve.child.pid);
  const dripping: Socket[] = [];
  for (let count = 0; count < 500; count += 1) {
    const socket = await open(context, serve);
    socket.resume();
    socket.write(`GET ${SMALL_INFO} HT`);
    dripping.push(socket);
  }
  const begun = performance.now();
  // A byte a second keeps the connection busy, but the time for a request does not start again.
  const drip = setInterval(() => {
    for (const socket of dripping) if (!socket.destroyed) socket.write('T');
  }, 1000);
  context.after(() => clearInterval(drip));
  await othersAreServed(serve);
  await growsLittle(serve, before);
  while (dripping.some((socket) => !socket.destroyed) && performance.now() - begun < 60_000)
    await pause(500);
  const left = dripping.filter((socket) => !socket.destroyed).length;
  assert.equal(left, 0, `${left} of 500 are still there after a minute`);
});
