import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  startCannedServer,
  startHttpServer,
  startRawServer,
} from '../../../test/support/http-servers.ts';
import { failsWith, gone, readText, requestFor } from '../../../test/support/http-requests.ts';
import { httpClientContract } from './http-client.contract.ts';
import type { HttpClient } from './http-client.ts';
import { createHttpClient } from './http-client-undici.ts';
import type { HttpClientSettings } from './http-client-undici.ts';

function clientFor(context: TestContext, settings: Partial<HttpClientSettings> = {}): HttpClient {
  const client = createHttpClient({}, { version: '0.0.0-test', environment: {}, ...settings });
  context.after(() => client.close());
  return client;
}

httpClientContract('createHttpClient()', (context) => clientFor(context));

test('requests one after another share one connection, also when they follow at once', async (context) => {
  const server = await startHttpServer(context, (_request, response) => response.end('text'));
  const client = clientFor(context);
  for (let count = 0; count < 20; count += 1) {
    assert.equal(await readText(await client.request(requestFor(server.url))), 'text');
  }
  assert.equal(server.accepted(), 1);
});

test('a small rest that is discarded keeps the connection, a large one breaks it', async (context) => {
  const server = await startHttpServer(context, (request, response) => {
    response.end(Buffer.alloc(request.url === '/large' ? 20_000_000 : 20_000));
  });
  const client = clientFor(context);
  for (let count = 0; count < 5; count += 1) {
    (await client.request(requestFor(`${server.url}/small`))).discard();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.equal(server.accepted(), 1);
  for await (const _piece of (await client.request(requestFor(`${server.url}/large`))).body) break;
  await gone(server.open);
});

test('an unread body holds the server back, so that memory does not grow', async (context) => {
  let sent = 0;
  const server = await startHttpServer(context, (_request, response) => {
    const piece = Buffer.alloc(1_000_000);
    function write(): void {
      while (sent < 200 && response.write(piece)) sent += 1;
      if (sent < 200) response.once('drain', write);
    }
    write();
  });
  const client = clientFor(context);
  const response = await client.request(requestFor(server.url));
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.ok(sent < 30, `${sent} MB were taken without a reader`);
  response.discard();
  await gone(server.open);
});

test('a connection that the server closed meanwhile is replaced without anyone noticing', async (context) => {
  let served = 0;
  const server = await startRawServer(context, (socket) => {
    let answered = 0;
    socket.on('data', () => {
      answered += 1;
      served += 1;
      // The second request on a connection meets a server that has just given it up.
      if (answered === 2) socket.resetAndDestroy();
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    });
  });
  const client = clientFor(context);
  for (let count = 0; count < 4; count += 1) {
    assert.equal(await readText(await client.request(requestFor(server.url))), 'ok');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.equal(server.accepted(), 4);
  assert.equal(served, 7);
});

test('a fresh connection that is reset is an error, and is not tried again', async (context) => {
  const server = await startCannedServer(context, '', 'reset');
  const client = clientFor(context);
  await assert.rejects(
    client.request(requestFor(server.url)),
    failsWith('http-connect-failed', 'reset'),
  );
  assert.equal(server.accepted(), 1);
});

test('no more connections are open to one place than allowed, and waiting has its limit', async (context) => {
  let waiting = 0;
  let most = 0;
  const server = await startHttpServer(context, (request, response) => {
    if (request.url === '/never') return;
    waiting += 1;
    most = Math.max(most, waiting);
    setTimeout(() => {
      waiting -= 1;
      response.end('ok');
    }, 5);
  });
  const patient = clientFor(context, { connectionsPerOrigin: 3, queueMilliseconds: 30_000 });
  const texts = await Promise.all(
    Array.from({ length: 30 }, async () => readText(await patient.request(requestFor(server.url)))),
  );
  assert.equal(texts.join(''), 'ok'.repeat(30));
  assert.deepEqual([most, server.accepted()], [3, 3]);
  const client = clientFor(context, { connectionsPerOrigin: 3, queueMilliseconds: 200 });
  const stop = new AbortController();
  const stuck = [1, 2, 3].map(() =>
    assert.rejects(client.request(requestFor(`${server.url}/never`, { signal: stop.signal }))),
  );
  await assert.rejects(
    client.request(requestFor(server.url)),
    failsWith('http-timeout', 'waiting for a free connection'),
  );
  stop.abort();
  await Promise.all(stuck);
  assert.equal(await readText(await client.request(requestFor(server.url))), 'ok');
});

test('200 aborted requests leave no connection behind', async (context) => {
  const server = await startHttpServer(context, (_request, response) => {
    response.write(Buffer.alloc(100_000));
  });
  const client = clientFor(context);
  await Promise.all(
    Array.from({ length: 200 }, async (_unused, index) => {
      const stop = new AbortController();
      setTimeout(() => stop.abort(), index % 50);
      try {
        await readText(await client.request(requestFor(server.url, { signal: stop.signal })));
      } catch (error) {
        assert.equal(error, stop.signal.reason);
      }
    }),
  );
  await gone(server.open);
});

test('close() breaks what is running and refuses what comes after', async (context) => {
  const server = await startHttpServer(context, (_request, response) => {
    response.write('beginning');
  });
  const client = clientFor(context);
  const response = await client.request(requestFor(server.url));
  const reading = readText(response);
  await client.close();
  await assert.rejects(reading, failsWith('http-client-closed'));
  await assert.rejects(client.request(requestFor(server.url)), failsWith('http-client-closed'));
  await gone(server.open);
});

test('gzip that nobody asked for is undone; asked for, it is left alone', async (context) => {
  const text = 'v1.0.0\n'.repeat(3000);
  const server = await startHttpServer(context, (_request, response) => {
    response.setHeader('content-encoding', 'GZIP');
    response.end(gzipSync(text));
  });
  const client = clientFor(context);
  const plain = await client.request(requestFor(server.url));
  assert.equal(plain.encoded, true);
  assert.equal(plain.headers['content-encoding'], undefined);
  assert.equal(plain.headers['content-length'], undefined);
  assert.equal(await readText(plain), text);
  const asked = await client.request(
    requestFor(server.url, { headers: { 'accept-encoding': 'gzip' } }),
  );
  assert.equal(asked.encoded, true);
  assert.equal(asked.headers['content-encoding'], 'GZIP');
  const head = await client.request(requestFor(server.url, { method: 'HEAD' }));
  assert.deepEqual([head.encoded, await readText(head)], [true, '']);
  let bytes = 0;
  for await (const piece of asked.body) bytes += piece.length;
  assert.equal(bytes, gzipSync(text).length);
});

test('gzip that is a bomb, broken or cut is an error', async (context) => {
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  const whole = gzipSync('some text that is long enough to be cut');
  const bodies: Readonly<Record<string, readonly [Buffer, string]>> = {
    '/bomb': [bomb, 'http-body-too-large'],
    '/broken': [Buffer.from('this is not gzip'), 'http-body-cut'],
    '/short': [whole.subarray(0, -10), 'http-body-cut'],
  };
  const server = await startHttpServer(context, (request, response) => {
    response.setHeader('content-encoding', 'gzip');
    const [body] = bodies[request.url ?? ''] ?? [];
    if (request.url === '/stall') response.write(whole.subarray(0, 15));
    else response.end(body);
  });
  const client = clientFor(context);
  for (const [path, [, code]] of Object.entries(bodies)) {
    const response = await client.request(requestFor(server.url + path));
    await assert.rejects(readText(response), failsWith(code));
  }
  const stalled = await client.request(requestFor(`${server.url}/stall`, { idleMilliseconds: 50 }));
  await assert.rejects(readText(stalled), failsWith('http-timeout', 'reading the body'));
});
