import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createAuthority } from '../../../test/support/certificates.ts';
import { alarms, examine, programs } from '../../../test/support/examine.ts';
import { startHttpProxy } from '../../../test/support/forward-proxies.ts';
import { startCannedServer, startHttpServer } from '../../../test/support/http-servers.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { DoctorReport } from '../index.ts';

/** A module proxy whose name only a forward proxy could know. */
const GOPROXY = 'https://modules.corp.test,direct';
const only = ['resolvers', 'forward-proxies', 'connections', 'certificates', 'module-proxies'];

async function visit(
  t: TestContext,
  environment: Readonly<Record<string, string>>,
): Promise<DoctorReport> {
  return examine(t, { GOPROXY, ...environment }, { only });
}

test('a sound forward proxy gives no finding', async (t) => {
  const authority = await createAuthority(await temporaryFolder(t), 'House');
  const server = await startHttpServer(
    t,
    (_request, response) => response.writeHead(404).end('not found'),
    await authority.issue(['DNS:modules.corp.test'], 90),
  );
  const proxy = await startHttpProxy(t, { target: server.port, credentials: 'me:hunter22' });
  const report = await visit(t, {
    HTTPS_PROXY: proxy.url.replace('http://', 'http://me:hunter22@'),
    SSL_CERT_FILE: authority.file,
  });
  assert.deepEqual(report.findings, []);
  assert.equal(JSON.stringify(report).includes('hunter22'), false);
});

test('a forward proxy where nobody listens is named first, with its variable', async (t) => {
  const report = await visit(t, { HTTPS_PROXY: 'http://me:hunter22@127.0.0.1:1' });
  assert.deepEqual(alarms(report), ['http-proxy-unreachable']);
  assert.match(report.findings[0]?.title ?? '', /HTTPS_PROXY/);
  assert.equal(report.findings[0]?.fix?.command, 'unset HTTPS_PROXY');
  const both = await visit(t, {
    HTTPS_PROXY: 'http://127.0.0.1:1',
    https_proxy: 'http://127.0.0.1:1',
  });
  assert.deepEqual(alarms(both), ['http-proxy-unreachable']);
  assert.equal(both.findings[0]?.fix?.command, 'unset HTTPS_PROXY https_proxy');
  assert.equal(JSON.stringify(report).includes('hunter22'), false);
});

const refusals: readonly [status: string, code: string][] = [
  ['403 Forbidden', 'http-proxy-denied'],
  ['502 Bad Gateway', 'http-proxy-bad-gateway'],
  ['504 Gateway Timeout', 'http-proxy-bad-gateway'],
];
for (const [status, code] of refusals) {
  test(`a forward proxy that answers ${status} is named first: ${code}`, async (t) => {
    const proxy = await startHttpProxy(t, { refuse: status });
    assert.deepEqual(alarms(await visit(t, { https_proxy: proxy.url })), [code]);
  });
}

test('a forward proxy that wants credentials is named', async (t) => {
  const proxy = await startHttpProxy(t, { credentials: 'me:secret' });
  assert.deepEqual(alarms(await visit(t, { HTTPS_PROXY: proxy.url })), ['http-proxy-auth']);
});

test('a service that is no forward proxy, and a value that is none, are named', async (t) => {
  const other = await startCannedServer(t, 'SSH-2.0-OpenSSH_9.6\r\n');
  assert.deepEqual(alarms(await visit(t, { HTTPS_PROXY: other.url })), [
    'http-proxy-misconfigured',
  ]);
  const report = await examine(
    t,
    { GOPROXY: 'http://127.0.0.1:1', HTTPS_PROXY: 'http://proxy.test:port' },
    { only: ['forward-proxies'] },
  );
  assert.deepEqual(alarms(report), ['http-proxy-misconfigured']);
  // Nothing is secret in it, and nothing is hidden.
  const [finding] = report.findings;
  assert.equal(finding?.evidence[0]?.text, 'HTTPS_PROXY=http://proxy.test:port');
  assert.match(finding?.fix?.text ?? '', /^write it as http:\/\/host:port, with/);
});

test('a dead proxy in git and npm settings is a warning that names the file', async (t) => {
  const directory = await temporaryFolder(t);
  await writeFile(join(directory, '.npmrc'), 'https-proxy=http://127.0.0.1:1\n');
  await writeFile(join(directory, 'gitconfig'), '[http]\n\tproxy = http://127.0.0.1:1\n');
  const report = await examine(
    t,
    { ...programs, GOPROXY: 'off', GIT_CONFIG_GLOBAL: join(directory, 'gitconfig') },
    { only: ['forward-proxies'], directory },
  );
  assert.deepEqual(alarms(report), ['http-proxy-unreachable', 'http-proxy-unreachable']);
  assert.deepEqual(report.findings.map(({ fix }) => fix?.command ?? '').toSorted(), [
    'git config --global --unset http.proxy',
    'npm config delete https-proxy --location=project',
  ]);
});

test('two cases of one variable with different values are a note', async (t) => {
  const { findings } = await examine(
    t,
    { GOPROXY: 'off', NO_PROXY: 'a.test', no_proxy: 'b.test' },
    { only: ['forward-proxies'] },
  );
  assert.deepEqual(
    findings.map(({ code, severity }) => [code, severity]),
    [['http-proxy-misconfigured', 'info']],
  );
});
