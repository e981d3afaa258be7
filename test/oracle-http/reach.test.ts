import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { readText, requestFor } from '../support/http-requests.ts';
import { createHttpClient } from '../../src/platform/http/http-client-undici.ts';
import { createAuthority } from '../support/certificates.ts';
import { startHttpProxy, startSocksProxy } from '../support/forward-proxies.ts';
import { startHttpServer } from '../support/http-servers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { buildHttpOracle } from './oracle.ts';

const HOST = 'modules.invalid';

type Environment = Readonly<Record<string, string>>;

/** Status and body, or that it failed. */
async function ourAnswer(
  context: TestContext,
  environment: Environment,
  url: string,
): Promise<string> {
  const client = createHttpClient({}, { version: '0.0.0-test', environment });
  context.after(() => client.close());
  try {
    const response = await client.request(requestFor(url));
    return `${response.status} ${await readText(response)}`;
  } catch {
    return 'failed';
  }
}

test('where plain Go gets through authorities and proxies, so does the client, and where not, not', async (context) => {
  const folder = await temporaryFolder(context);
  const oracle = await buildHttpOracle(folder);
  const authority = await createAuthority(folder, 'Private One');
  const pair = await authority.issue([`DNS:${HOST}`, 'DNS:localhost', 'IP:127.0.0.1']);
  const secure = await startHttpServer(
    context,
    (_request, response) => response.end('secure'),
    pair,
  );
  const plain = await startHttpServer(context, (_request, response) => response.end('plain'));
  const expired = await startHttpServer(
    context,
    (_request, response) => response.end(),
    await authority.issue(['DNS:localhost'], -1),
  );
  const nameless = await startHttpServer(
    context,
    (_request, response) => response.end(),
    await authority.issue([]),
  );
  const open = await startHttpProxy(context, { target: secure.port });
  const overTls = await startHttpProxy(context, { target: secure.port, pair });
  const locked = await startHttpProxy(context, {
    target: secure.port,
    credentials: 'user:pass word',
  });
  const forPlain = await startHttpProxy(context, { target: plain.port });
  const socks = await startSocksProxy(context, { target: secure.port, credentials: 'user:pass' });
  const file = { SSL_CERT_FILE: authority.file, SSL_CERT_DIR: '/nonexistent' };
  const cases: readonly (readonly [Environment, string, string])[] = [
    [file, secure.url, '200 secure'],
    [file, `https://localhost:${secure.port}/a`, '200 secure'],
    [
      { SSL_CERT_FILE: '/nonexistent', SSL_CERT_DIR: `/nonexistent:${folder}` },
      secure.url,
      '200 secure',
    ],
    [{ SSL_CERT_FILE: '/nonexistent', SSL_CERT_DIR: '/nonexistent' }, secure.url, 'failed'],
    [{}, secure.url, 'failed'],
    [file, `https://localhost:${expired.port}/`, 'failed'],
    [file, `https://localhost:${nameless.port}/`, 'failed'],
    [{ ...file, HTTPS_PROXY: open.url }, `https://${HOST}/`, '200 secure'],
    [{ ...file, https_proxy: `127.0.0.1:${open.port}` }, `https://${HOST}:8443/`, '200 secure'],
    [
      { ...file, HTTPS_PROXY: `https://localhost:${overTls.port}` },
      `https://${HOST}/`,
      '200 secure',
    ],
    [
      { ...file, HTTPS_PROXY: `http://user:pass%20word@127.0.0.1:${locked.port}` },
      `https://${HOST}/`,
      '200 secure',
    ],
    [{ ...file, HTTPS_PROXY: locked.url }, `https://${HOST}/`, 'failed'],
    [
      { ...file, HTTPS_PROXY: `socks5://user:pass@127.0.0.1:${socks.port}` },
      `https://${HOST}/`,
      '200 secure',
    ],
    [
      { ...file, HTTPS_PROXY: `socks5h://user:wrong@127.0.0.1:${socks.port}` },
      `https://${HOST}/`,
      'failed',
    ],
    [{ ...file, HTTPS_PROXY: open.url, NO_PROXY: HOST }, `https://${HOST}/`, 'failed'],
    [{ ...file, HTTPS_PROXY: 'http://127.0.0.1:1' }, secure.url, '200 secure'],
    [{ HTTP_PROXY: forPlain.url }, `http://${HOST}/`, '200 plain'],
    [{ HTTP_PROXY: forPlain.url, REQUEST_METHOD: 'GET' }, `http://${HOST}/`, 'failed'],
    [{ HTTPS_PROXY: '%zz' }, plain.url, '200 plain'],
  ];
  for (const [environment, url, expected] of cases) {
    const go = await oracle.get(environment, url).catch(() => 'failed');
    const ours = await ourAnswer(context, environment, url);
    const named = `${url} with ${JSON.stringify(environment)}`;
    assert.equal(go, expected, `Go: ${named}`);
    assert.equal(ours, expected, `ours: ${named}`);
  }
});
