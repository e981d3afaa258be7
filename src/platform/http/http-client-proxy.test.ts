import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createAuthority } from '../../../test/support/certificates.ts';
import { startHttpProxy, startSocksProxy } from '../../../test/support/forward-proxies.ts';
import {
  startCannedServer,
  startHttpServer,
  startRawServer,
} from '../../../test/support/http-servers.ts';
import type { LoopbackServer } from '../../../test/support/http-servers.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { failsWith, gone, readText, requestFor } from '../../../test/support/http-requests.ts';
import type { HttpClient } from './http-client.ts';
import { createHttpClient } from './http-client-undici.ts';

/** Proxies are never asked for loopback hosts, so that targets here have names that do not exist. */
const HOST = 'modules.invalid';

function clientFor(
  context: TestContext,
  environment: Readonly<Record<string, string>>,
): HttpClient {
  const client = createHttpClient({}, { version: '0.0.0-test', environment });
  context.after(() => client.close());
  return client;
}

function echo(
  request: { url?: string | undefined; headers: object },
  response: { end(text: string): void },
): void {
  response.end(JSON.stringify([request.url, request.headers]));
}

async function secureTarget(
  context: TestContext,
): Promise<{ server: LoopbackServer; file: string }> {
  const authority = await createAuthority(await temporaryFolder(context), 'Private One');
  const pair = await authority.issue([`DNS:${HOST}`]);
  return { server: await startHttpServer(context, echo, pair), file: authority.file };
}

async function textOf(client: HttpClient, url: string): Promise<string> {
  return readText(await client.request(requestFor(url)));
}

test('http goes through HTTP_PROXY in absolute form, over one connection for all hosts', async (context) => {
  const target = await startHttpServer(context, echo);
  const proxy = await startHttpProxy(context, { target: target.port, credentials: 'user:secret' });
  const client = clientFor(context, { http_proxy: `user:secret@127.0.0.1:${proxy.port}` });
  const text = await textOf(client, `http://${HOST}:1234/a?b=c`);
  await textOf(client, `http://other.invalid/`);
  assert.deepEqual(proxy.asked, [`GET http://${HOST}:1234/a?b=c`, 'GET http://other.invalid/']);
  assert.equal(proxy.accepted(), 1);
  assert.match(text, /"host":"modules\.invalid:1234"/);
  assert.doesNotMatch(text, /proxy-authorization/);
});

test('https goes through HTTPS_PROXY by CONNECT, and the tunnel is kept', async (context) => {
  const { server, file } = await secureTarget(context);
  const proxy = await startHttpProxy(context, { target: server.port });
  const client = clientFor(context, { HTTPS_PROXY: proxy.url, SSL_CERT_FILE: file });
  for (let count = 0; count < 3; count += 1) {
    const text = await textOf(client, `https://${HOST}/a?b=c`);
    assert.match(text, /^\["\/a\?b=c"/);
    assert.doesNotMatch(text, /proxy/);
  }
  assert.deepEqual(proxy.asked, [`CONNECT ${HOST}:443`]);
});

test('a proxy gets its credentials, and a wrong or missing one is said plainly', async (context) => {
  const { server, file } = await secureTarget(context);
  const proxy = await startHttpProxy(context, { target: server.port, credentials: 'us er:secret' });
  const place = `127.0.0.1:${proxy.port}`;
  const good = clientFor(context, {
    HTTPS_PROXY: `http://us%20er:secret@${place}`,
    SSL_CERT_FILE: file,
  });
  await textOf(good, `https://${HOST}/`);
  for (const userInfo of ['', 'us%20er:othersecret@']) {
    const bad = clientFor(context, {
      HTTPS_PROXY: `http://${userInfo}${place}`,
      SSL_CERT_FILE: file,
    });
    await assert.rejects(
      textOf(bad, `https://${HOST}/`),
      failsWith('http-connect-failed', '407', `${HOST}:443 through the proxy ${place}`),
    );
  }
  const plain = clientFor(context, { HTTP_PROXY: `http://${place}` });
  const response = await plain.request(requestFor(`http://${HOST}/`));
  assert.equal(response.status, 407);
  await gone(() => server.open() - 1);
});

test('an https:// proxy is spoken to over TLS with the same trust, for both kinds of target', async (context) => {
  const folder = await temporaryFolder(context);
  const authority = await createAuthority(folder, 'Private One');
  const pair = await authority.issue([`DNS:${HOST}`, 'DNS:localhost']);
  const secure = await startHttpServer(context, echo, pair);
  const plain = await startHttpServer(context, echo);
  const secureProxy = await startHttpProxy(context, { target: secure.port, pair });
  const plainProxy = await startHttpProxy(context, { target: plain.port, pair });
  const client = clientFor(context, {
    HTTPS_PROXY: `https://localhost:${secureProxy.port}`,
    HTTP_PROXY: `https://localhost:${plainProxy.port}`,
    SSL_CERT_FILE: authority.file,
  });
  await textOf(client, `https://${HOST}/`);
  await textOf(client, `http://${HOST}/`);
  assert.deepEqual(secureProxy.asked, [`CONNECT ${HOST}:443`]);
  assert.deepEqual(plainProxy.asked, [`GET http://${HOST}/`]);
  const wrongName = clientFor(context, {
    HTTPS_PROXY: `https://127.0.0.1:${secureProxy.port}`,
    SSL_CERT_FILE: authority.file,
  });
  await assert.rejects(
    textOf(wrongName, `https://${HOST}/`),
    failsWith('http-tls-failed', `the proxy 127.0.0.1:${secureProxy.port}`, 'another name'),
  );
});

test('SOCKS5 proxies get names to resolve, with and without a password', async (context) => {
  const { server, file } = await secureTarget(context);
  const plain = await startHttpServer(context, echo);
  for (const scheme of ['socks5', 'socks5h']) {
    const secureProxy = await startSocksProxy(context, { target: server.port });
    const plainProxy = await startSocksProxy(context, {
      target: plain.port,
      credentials: 'user:secret',
    });
    const client = clientFor(context, {
      HTTPS_PROXY: `${scheme}://127.0.0.1:${secureProxy.port}`,
      HTTP_PROXY: `${scheme}://user:secret@127.0.0.1:${plainProxy.port}`,
      SSL_CERT_FILE: file,
    });
    await textOf(client, `https://${HOST}/`);
    await textOf(client, `http://${HOST}:81/a`);
    await textOf(client, 'http://192.0.2.7/');
    assert.deepEqual(secureProxy.asked, [`name ${HOST}:443`]);
    assert.deepEqual(plainProxy.asked, [`name ${HOST}:81`, 'address 192.0.2.7:80']);
  }
});

test('a SOCKS5 proxy that refuses is quoted in words', async (context) => {
  const blocked = await startSocksProxy(context, { refuse: '2' });
  const locked = await startSocksProxy(context, { credentials: 'user:secret' });
  const cases = [
    [`socks5://127.0.0.1:${blocked.port}`, 'does not allow'],
    [`socks5://127.0.0.1:${locked.port}`, 'asks for a user name and password'],
    [`socks5://user:wrongsecret@127.0.0.1:${locked.port}`, 'did not accept'],
  ] as const;
  for (const [proxy, words] of cases) {
    const client = clientFor(context, { HTTP_PROXY: proxy });
    await assert.rejects(
      textOf(client, `http://${HOST}/`),
      failsWith('http-connect-failed', words, HOST),
    );
  }
  const notSocks = await startCannedServer(context, 'HTTP/1.1 400 Bad Request\r\n\r\n');
  const client = clientFor(context, { HTTP_PROXY: `socks5://127.0.0.1:${notSocks.port}` });
  await assert.rejects(
    textOf(client, `http://${HOST}/`),
    failsWith('http-protocol-error', 'SOCKS5'),
  );
});

test('a proxy that refuses, babbles, stalls or is not there is named', async (context) => {
  const refusing = await startHttpProxy(context, { refuse: '403 Forbidden' });
  const babbling = await startCannedServer(context, 'x'.repeat(100_000), 'stall');
  const odd = await startCannedServer(context, 'hello\r\n\r\n');
  const closing = await startCannedServer(context, '');
  const cases = [
    [refusing.port, 'http-connect-failed', 'the proxy answered 403'],
    [babbling.port, 'http-protocol-error', 'too long'],
    [odd.port, 'http-protocol-error', 'no HTTP response'],
    [closing.port, 'http-connect-failed', 'while asking for a tunnel'],
    [1, 'http-connect-failed', 'refused'],
  ] as const;
  for (const [port, code, words] of cases) {
    const client = clientFor(context, { HTTPS_PROXY: `http://user:secret@127.0.0.1:${port}` });
    await assert.rejects(
      textOf(client, `https://${HOST}/`),
      failsWith(code, words, `the proxy 127.0.0.1:${port}`),
    );
  }
  const mute = await startRawServer(context, (socket) => socket.resume());
  const client = clientFor(context, { HTTPS_PROXY: `127.0.0.1:${mute.port}` });
  const reason = new Error('no longer wanted');
  const stop = new AbortController();
  setTimeout(() => stop.abort(reason), 30);
  await assert.rejects(
    client.request(requestFor(`https://${HOST}/`, { signal: stop.signal })),
    reason,
  );
  await assert.rejects(
    client.request(requestFor(`https://${HOST}/`, { connectMilliseconds: 50 })),
    failsWith('http-timeout', 'waiting for the tunnel through the proxy'),
  );
  await gone(() => mute.open() + babbling.open() + refusing.open());
});

test('loopback and what NO_PROXY names are reached directly', async (context) => {
  const target = await startHttpServer(context, echo);
  const proxy = await startHttpProxy(context, { target: target.port });
  const client = clientFor(context, { HTTP_PROXY: proxy.url, NO_PROXY: 'excepted.invalid' });
  await textOf(client, target.url);
  await assert.rejects(textOf(client, 'http://sub.excepted.invalid/'));
  assert.deepEqual(proxy.asked, []);
  await textOf(client, `http://${HOST}/`);
  assert.equal(proxy.asked.length, 1);
});

test('a proxy address that leads nowhere is one clear error, and one that cannot be parsed is told and ignored', async (context) => {
  const client = clientFor(context, { HTTP_PROXY: 'http://user:secret@:99999' });
  await assert.rejects(textOf(client, `http://${HOST}/`), failsWith('http-proxy-refused'));
  const cgi = clientFor(context, { HTTP_PROXY: 'http://127.0.0.1:1', REQUEST_METHOD: 'GET' });
  await assert.rejects(
    textOf(cgi, `http://${HOST}/`),
    failsWith('http-proxy-refused', 'REQUEST_METHOD'),
  );
  const warnings: unknown[] = [];
  const logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: (_message: string, data?: unknown) => warnings.push(data),
    error: () => undefined,
    child: () => logger,
  };
  const environment = { HTTP_PROXY: 'secret%zz' };
  const ignoring = createHttpClient({ logger }, { version: '1', environment });
  context.after(() => ignoring.close());
  await assert.rejects(textOf(ignoring, `http://${HOST}/`));
  assert.deepEqual(warnings, [{ variable: 'HTTP_PROXY' }]);
});
