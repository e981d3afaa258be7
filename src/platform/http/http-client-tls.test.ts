import assert from 'node:assert/strict';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createAuthority } from '../../../test/support/certificates.ts';
import {
  startCannedServer,
  startHttpServer,
  startRawServer,
} from '../../../test/support/http-servers.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { failsWith, gone, readText, requestFor } from '../../../test/support/http-requests.ts';
import type { HttpClient } from './http-client.ts';
import { createHttpClient } from './http-client-undici.ts';

const NAMES = ['DNS:localhost', 'IP:127.0.0.1'];

function clientFor(
  context: TestContext,
  environment: Readonly<Record<string, string>>,
): HttpClient {
  const client = createHttpClient({}, { version: '0.0.0-test', environment });
  context.after(() => client.close());
  return client;
}

function hello(_request: unknown, response: { end(text: string): void }): void {
  response.end('hello');
}

test('a private authority is trusted through SSL_CERT_FILE, for names and addresses', async (context) => {
  const authority = await createAuthority(await temporaryFolder(context), 'Private One');
  const server = await startHttpServer(context, hello, await authority.issue(NAMES));
  const client = clientFor(context, {
    SSL_CERT_FILE: authority.file,
    SSL_CERT_DIR: '/nonexistent',
  });
  for (const url of [server.url, `https://localhost:${server.port}`, server.url]) {
    assert.equal(await readText(await client.request(requestFor(url))), 'hello');
  }
  assert.equal(server.accepted(), 2);
});

test('a private authority is trusted through any directory of SSL_CERT_DIR', async (context) => {
  const folder = await temporaryFolder(context);
  const authority = await createAuthority(folder, 'Private One');
  const server = await startHttpServer(context, hello, await authority.issue(NAMES));
  await mkdir(join(folder, 'one'));
  await mkdir(join(folder, 'two'));
  await writeFile(join(folder, 'two', 'nonsense.pem'), 'nothing to see');
  await rename(authority.file, join(folder, 'two', 'any-name'));
  const directories = [join(folder, 'one'), join(folder, 'absent'), join(folder, 'two')].join(':');
  const client = clientFor(context, { SSL_CERT_FILE: '/nonexistent', SSL_CERT_DIR: directories });
  assert.equal(await readText(await client.request(requestFor(server.url))), 'hello');
});

test('a certificate of an authority that is not trusted is refused, with the name of its issuer', async (context) => {
  const folder = await temporaryFolder(context);
  const authority = await createAuthority(folder, 'Private One');
  await mkdir(join(folder, 'other'));
  const other = await createAuthority(join(folder, 'other'), 'Private Two');
  const server = await startHttpServer(context, hello, await authority.issue(NAMES));
  const client = clientFor(context, { SSL_CERT_FILE: other.file, SSL_CERT_DIR: '/nonexistent' });
  await assert.rejects(client.request(requestFor(`${server.url}/?token=secret`)), (error) => {
    assert.ok(failsWith('http-tls-failed', `127.0.0.1:${server.port}`, 'Private One')(error));
    assert.match(String((error as { hint?: unknown }).hint), /SSL_CERT_FILE/);
    return true;
  });
  const nothing = clientFor(context, {
    SSL_CERT_FILE: '/nonexistent',
    SSL_CERT_DIR: '/nonexistent',
  });
  await assert.rejects(
    nothing.request(requestFor(server.url)),
    failsWith('http-tls-failed', 'Private One'),
  );
  await gone(server.open);
});

test('expired certificates, other names and bare common names are refused as what they are', async (context) => {
  const authority = await createAuthority(await temporaryFolder(context), 'Private One');
  const client = clientFor(context, { SSL_CERT_FILE: authority.file });
  const cases = [
    [await authority.issue(NAMES, -1), 'expired'],
    [await authority.issue(['DNS:other.example']), 'another name'],
    [await authority.issue([]), 'another name'],
  ] as const;
  for (const [pair, words] of cases) {
    const server = await startHttpServer(context, hello, pair);
    const url = `https://localhost:${server.port}/`;
    await assert.rejects(
      client.request(requestFor(url)),
      failsWith('http-tls-failed', words, `localhost:${server.port}`),
    );
  }
});

test('TLS below 1.2, no TLS at all and a handshake that is cut or stalls are told apart', async (context) => {
  const authority = await createAuthority(await temporaryFolder(context), 'Private One');
  const client = clientFor(context, { SSL_CERT_FILE: authority.file });
  const pair = await authority.issue(NAMES);
  const outdated = {
    ...pair,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  };
  const old = await startHttpServer(context, hello, outdated);
  await assert.rejects(client.request(requestFor(old.url)), failsWith('http-tls-failed'));
  const plain = await startHttpServer(context, hello);
  const plainUrl = `https://127.0.0.1:${plain.port}/`;
  await assert.rejects(
    client.request(requestFor(plainUrl)),
    failsWith('http-tls-failed', 'does not speak TLS'),
  );
  const cut = await startCannedServer(context, '', 'end');
  const cutUrl = `https://127.0.0.1:${cut.port}/`;
  await assert.rejects(
    client.request(requestFor(cutUrl)),
    failsWith('http-connect-failed', 'during the TLS handshake'),
  );
  const mute = await startRawServer(context, (socket) => socket.resume());
  const muteUrl = `https://127.0.0.1:${mute.port}/`;
  await assert.rejects(
    client.request(requestFor(muteUrl, { connectMilliseconds: 50 })),
    failsWith('http-timeout', 'in the TLS handshake', '50 ms'),
  );
  await gone(mute.open);
});

test('https never leads to http, while http may lead to https', async (context) => {
  const authority = await createAuthority(await temporaryFolder(context), 'Private One');
  const pair = await authority.issue(NAMES);
  const plain = await startHttpServer(context, (request, response) => {
    if (request.url === '/up') response.writeHead(302, { location: `${secure.url}/end` });
    response.end();
  });
  const secure = await startHttpServer(
    context,
    (request, response) => {
      if (request.url === '/down') response.writeHead(302, { location: `${plain.url}/end` });
      if (request.url === '/across')
        response.writeHead(302, { location: `https://localhost:${secure.port}/end` });
      response.end();
    },
    pair,
  );
  const client = clientFor(context, { SSL_CERT_FILE: authority.file });
  await assert.rejects(
    client.request(requestFor(`${secure.url}/down`)),
    failsWith('http-redirect-refused', 'https to http', `127.0.0.1:${plain.port}`),
  );
  assert.equal((await client.request(requestFor(`${plain.url}/up`))).finalUrl, `${secure.url}/end`);
  const across = await client.request(requestFor(`${secure.url}/across`));
  assert.equal(across.finalUrl, `https://localhost:${secure.port}/end`);
});

test('user info in a URL is sent as basic credentials over https', async (context) => {
  const authority = await createAuthority(await temporaryFolder(context), 'Private One');
  const server = await startHttpServer(
    context,
    (request, response) => response.end(request.headers.authorization),
    await authority.issue(NAMES),
  );
  const client = clientFor(context, { SSL_CERT_FILE: authority.file });
  const url = `https://us%40er:sec%3Aret@127.0.0.1:${server.port}/a?b`;
  const response = await client.request(requestFor(url));
  assert.equal(response.finalUrl, `${server.url}/a`);
  assert.equal(
    await readText(response),
    `Basic ${Buffer.from('us@er:sec:ret').toString('base64')}`,
  );
  const headers = { authorization: 'Bearer own' };
  assert.equal(await readText(await client.request(requestFor(url, { headers }))), 'Bearer own');
});
