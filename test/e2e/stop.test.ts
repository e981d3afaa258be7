// A stop waits for answers, and for nothing else: whoever sends nothing, or half a request, holds up nobody.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { get as getSecurely } from 'node:https';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectSecurely } from 'node:tls';
import type { Readable } from 'node:stream';
import { createAuthority } from '../support/certificates.ts';
import { readAnswer } from '../support/read-answer.ts';
import { startOrigin } from '../support/start-origin.ts';
import { startProgram } from '../support/start-program.ts';
import type { StartedProgram } from '../support/start-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SMALL = { path: 'm.test/small', version: 'v1.0.0', zipBytes: 30_000 };
const SLOW = { path: 'm.test/slow', version: 'v1.0.0', zipBytes: 4_000_000 };
/** More than the kernel takes for a client that reads slowly, and little enough to be held in memory. */
const LARGE = { path: 'm.test/large', version: 'v1.0.0', zipBytes: 16_000_000 };
const LARGE_ZIP = '/m.test/large/@v/v1.0.0.zip';
const READ_PER_MILLISECOND = 6000;
const INFO = '/m.test/small/@v/v1.0.0.info';
const MOST_MILLISECONDS = 2000;
const WHOLE = `GET ${INFO} HTTP/1.1\r\nHost: h\r\n\r\n`;
/** With more than the fast path takes: node:http answers it, and has the connection from then on. */
const WHOLE_ELSEWHERE = `GET ${INFO} HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\n\r\n`;

/** What clients have sent when the stop comes, and whether there is an answer to it. */
const CLIENTS: readonly (readonly [string, boolean])[] = [
  ['', false],
  [`GET ${INFO.slice(0, 8)}`, false],
  [`GET ${INFO} HTTP/1.1\r\nHost: h\r\nAccept: text/pl`, false],
  [WHOLE, true],
  [WHOLE_ELSEWHERE, true],
  [`${WHOLE}GET ${INFO.slice(0, 8)}`, true],
  [`${WHOLE_ELSEWHERE}GET ${INFO.slice(0, 8)}`, true],
  ['POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf', true],
  ['NOTHING OF SENSE\r\n\r\n', true],
];

async function start(
  context: TestContext,
  words: readonly string[],
  bytesPerSecond?: number,
): Promise<StartedProgram> {
  const origin = await startOrigin(context, {
    modules: [SMALL, SLOW, LARGE],
    ...(bytesPerSecond === undefined ? {} : { network: { bytesPerSecond } }),
  });
  const store = await temporaryFolder(context);
  const common = ['--store', store, '--upstream', origin.url, '--sumdb', 'off'];
  return startProgram(context, [...common, ...words]);
}

/** A client that closes nothing by itself. */
async function open(context: TestContext, serve: StartedProgram): Promise<Socket> {
  const { hostname, port } = new URL(serve.address);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  context.after(() => socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function say(socket: Socket, text: string, hasAnswer: boolean): Promise<void> {
  const answered = once(socket, 'data');
  socket.write(text);
  if (hasAnswer) await answered;
}

/** How it ended, after how long. */
async function interrupt(serve: StartedProgram): Promise<readonly [unknown, number]> {
  const ended = once(serve.child, 'exit');
  const began = performance.now();
  serve.child.kill('SIGINT');
  const [code] = (await ended) as [unknown];
  return [code, performance.now() - began];
}

for (const workers of ['1', '2']) {
  test(`idle connections and half requests hold up no stop, with --workers ${workers}`, async (context) => {
    const serve = await start(context, ['--workers', workers]);
    for (const [text, hasAnswer] of CLIENTS) {
      await say(await open(context, serve), text, hasAnswer);
    }
    await sleep(200);
    const [code, took] = await interrupt(serve);
    assert.equal(code, 0);
    assert.ok(took < MOST_MILLISECONDS, `it took ${took} ms`);
  });

  test(`a slow answer ends whole beside idle connections, with --workers ${workers}`, async (context) => {
    const serve = await start(context, ['--workers', workers], 2_000_000);
    const slow = readAnswer(`${serve.address}/m.test/slow/@v/v1.0.0.zip`, {}, 10_000);
    // node:http has this one.
    const other = readAnswer(
      `${serve.address}/m.test/slow/@v/v1.0.0.zip`,
      { connection: 'keep-alive' },
      10_000,
    );
    const half = await open(context, serve);
    await say(half, 'GET /m.test', false);
    half.resume();
    const halfEnded = once(half, 'end');
    await sleep(500);
    const ended = interrupt(serve);
    await halfEnded;
    assert.equal(serve.child.exitCode, null);
    for (const { body, broken } of [await slow, await other]) {
      assert.deepEqual([body.length, broken], [SLOW.zipBytes, false]);
    }
    const answered = performance.now();
    assert.equal((await ended)[0], 0);
    assert.ok(performance.now() - answered < MOST_MILLISECONDS);
  });
}

test('a client that reads slowly gets the whole of its answer from one that stops', async (context) => {
  const serve = await start(context, ['--workers', '1']);
  await readAnswer(`${serve.address}${LARGE_ZIP}`);
  const headers = { connection: 'keep-alive' };
  const asked = get(`${serve.address}${LARGE_ZIP}`, { headers, agent: false });
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  await stopWhileReading(serve, [response]);
});

for (const workers of ['1', '2']) {
  test(`so does one over TLS, with HTTP/1.1 and HTTP/2 and --workers ${workers}`, async (context) => {
    const { files, ca } = await certificate(context);
    const serve = await start(context, [...files, '--workers', workers]);
    const url = `${serve.address}${LARGE_ZIP}`;
    const read = async (): Promise<IncomingMessage> => {
      const asked = getSecurely(url, { ca, agent: false });
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      return response;
    };
    // From here on it is in memory, and handed to the connection all at once.
    await once((await read()).resume(), 'end');
    const session = connectHttp2(serve.address, { ca });
    session.on('error', () => undefined);
    await stopWhileReading(serve, [await read(), session.request({ ':path': LARGE_ZIP })]);
  });
}

/** The first pieces are read before the stop, the rest after it. */
async function stopWhileReading(serve: StartedProgram, bodies: readonly Readable[]): Promise<void> {
  await Promise.all(bodies.map(async (body) => once(body, 'readable')));
  const lengths = bodies.map(readSlowly);
  await sleep(200);
  const ended = interrupt(serve);
  await sleep(500);
  assert.equal(serve.child.exitCode, null);
  for (const length of await Promise.all(lengths)) assert.ok(length >= LARGE.zipBytes);
  const answered = performance.now();
  assert.equal((await ended)[0], 0);
  assert.ok(performance.now() - answered < MOST_MILLISECONDS);
}

async function readSlowly(body: Readable): Promise<number> {
  const began = performance.now();
  let length = 0;
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      length += piece.length;
      const early = length / READ_PER_MILLISECOND - (performance.now() - began);
      if (early > 1) await sleep(early);
    }
  } catch {
    // A client of node:http2 drops what has come and was not read yet, once the connection is closed.
    length += body.readableLength;
  }
  return length;
}

interface Certificate {
  /** The settings that name it. */
  readonly files: readonly string[];
  readonly ca: Buffer;
}

async function certificate(context: TestContext): Promise<Certificate> {
  const folder = await temporaryFolder(context);
  const authority = await createAuthority(folder, 'Stop');
  const { key, cert } = await authority.issue(['DNS:localhost', 'IP:127.0.0.1']);
  await writeFile(join(folder, 'key.pem'), key);
  await writeFile(join(folder, 'cert.pem'), cert);
  const files = ['--tls-cert', join(folder, 'cert.pem'), '--tls-key', join(folder, 'key.pem')];
  return { files, ca: await readFile(authority.file) };
}

test('no half handshake and no idle connection holds up the stop of a server with TLS', async (context) => {
  const { files, ca } = await certificate(context);
  const serve = await start(context, files);
  await open(context, serve);
  await say(await open(context, serve), '\u0016\u0003\u0001', false);
  for (const [text, hasAnswer] of CLIENTS) {
    const socket = connectSecurely({ socket: await open(context, serve), host: 'localhost', ca });
    socket.on('error', () => undefined);
    await once(socket, 'secureConnect');
    await say(socket, text, hasAnswer);
  }
  const session = connectHttp2(serve.address, { ca });
  session.on('error', () => undefined);
  await once(session, 'connect');
  await sleep(200);
  const [code, took] = await interrupt(serve);
  assert.equal(code, 0);
  assert.ok(took < MOST_MILLISECONDS, `it took ${took} ms`);
});
