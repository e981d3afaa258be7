import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { request } from 'node:https';
import { connect } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createAuthority } from '../../test/support/certificates.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { createTestMeter } from '../../test/support/test-meter.ts';
import { createQuietLogger, createSystemClock, createSystemRandom } from '../platform/adapters.ts';
import { startServer } from './server.ts';

interface Stage {
  readonly port: number;
  readonly ca: Buffer;
  readonly warnings: string[];
}

async function start(context: TestContext): Promise<Stage> {
  const folder = await temporaryFolder(context);
  const authority = await createAuthority(folder, 'Plain');
  const { key, cert } = await authority.issue(['DNS:localhost']);
  const warnings: string[] = [];
  const logger = { ...createQuietLogger(), warn: (text: string) => void warnings.push(text) };
  const server = await startServer(
    {
      clock: createSystemClock(),
      random: createSystemRandom(),
      meter: createTestMeter(),
      logger,
      dispatcher: {
        answer: (_request, response) => {
          response.end('fine');
        },
        answerFast: () => false,
      },
    },
    {
      host: '127.0.0.1',
      port: 0,
      tls: { certificate: Buffer.from(cert), key: Buffer.from(key) },
    },
  );
  context.after(async () => server.stop(100));
  const port = Number(new URL(server.address).port);
  return { port, ca: await readFile(authority.file), warnings };
}

async function say(port: number, text: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const { promise, resolve } = Promise.withResolvers<void>();
  let heard = '';
  socket.on('data', (bytes) => (heard += bytes.toString('latin1')));
  socket.on('error', () => undefined);
  socket.on('close', () => resolve());
  socket.write(text);
  await promise;
  return heard;
}

test('plain HTTP to the https port is told what to write instead, once in the log', async (context) => {
  const { port, warnings } = await start(context);
  for (let count = 0; count < 3; count += 1) {
    const answer = await say(port, 'GET /m.test/@v/list HTTP/1.1\r\nHost: x\r\n\r\n');
    assert.match(answer, /^HTTP\/1\.1 400 [^]*this port speaks https[^]*\nwrite https:\/\//u);
    assert.match(answer, /\ncofferdam: trace [0-9a-f]{32}\n$/u);
  }
  assert.deepEqual(warnings, ['a client speaks plain HTTP to this https port']);
  // No HTTP and no TLS: as before, nothing is said.
  assert.doesNotMatch(await say(port, 'EHLO x\r\n'), /HTTP/u);
});

test('TLS clients of either HTTP version notice nothing of it', async (context) => {
  const { port, ca } = await start(context);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  request({ host: '127.0.0.1', port, ca, servername: 'localhost', agent: false }, (response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  })
    .on('error', reject)
    .end();
  assert.equal(await promise, 200);
  const session = connectHttp2(`https://localhost:${port}`, { ca });
  const status = await new Promise((settle, fail) => {
    session.on('error', fail);
    session.request().on('response', (headers) => settle(headers[':status']));
  });
  session.destroy();
  assert.equal(status, 200);
});
