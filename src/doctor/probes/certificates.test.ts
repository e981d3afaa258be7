import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createAuthority } from '../../../test/support/certificates.ts';
import type { Authority, KeyPair } from '../../../test/support/certificates.ts';
import { alarms, examine } from '../../../test/support/examine.ts';
import { startHttpServer, startRawServer } from '../../../test/support/http-servers.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { DoctorReport } from '../index.ts';

const only = ['connections', 'certificates', 'module-proxies'];
/** Long enough that no warning comes of its end. */
const SOUND_DAYS = 90;

async function visit(
  t: TestContext,
  pair: (authority: Authority) => Promise<KeyPair>,
  trust: (authority: Authority) => string = ({ file }) => file,
): Promise<DoctorReport> {
  const authority = await createAuthority(await temporaryFolder(t), 'House');
  const server = await startHttpServer(
    t,
    (_request, response) => {
      response.writeHead(404).end('not found: no module here');
    },
    await pair(authority),
  );
  const url = `https://localhost:${server.port},direct`;
  return examine(
    t,
    { GOPROXY: url, SSL_CERT_FILE: trust(authority), SSL_CERT_DIR: '/nowhere' },
    { only },
  );
}

test('a sound certificate gives no finding; version, issuer and end are shown', async (t) => {
  const report = await visit(t, (authority) => authority.issue(['DNS:localhost'], SOUND_DAYS));
  assert.deepEqual(report.findings, []);
  const seen = report.probes.find(({ name }) => name === 'certificates')?.observations[0];
  assert.match(
    seen?.text ?? '',
    /^TLSv1\.3, http\/1\.1, issued by CN=House, O=Cofferdam Tests, valid until /,
  );
});

const planted: readonly [
  cause: string,
  pair: (authority: Authority) => Promise<KeyPair>,
  code: string,
][] = [
  ['an expired certificate', (one) => one.issue(['DNS:localhost'], -1), 'tls-cert-expired'],
  [
    'a certificate for another name',
    (one) => one.issue(['DNS:other.test'], SOUND_DAYS),
    'tls-hostname-mismatch',
  ],
  [
    'a certificate with a common name only',
    (one) => one.issue([], SOUND_DAYS),
    'tls-legacy-common-name',
  ],
  [
    'a certificate that ends tomorrow',
    (one) => one.issue(['DNS:localhost'], 1),
    'tls-cert-expires-soon',
  ],
];
for (const [cause, pair, code] of planted) {
  test(`${cause} is named first and alone: ${code}`, async (t) => {
    const report = await visit(t, pair);
    assert.deepEqual(alarms(report), [code]);
    assert.match(report.findings[0]?.evidence[0]?.text ?? '', /CN=House|valid until/);
  });
}

test('an unknown issuer is named with its name', async (t) => {
  const others = await createAuthority(await temporaryFolder(t), 'Others');
  const report = await visit(
    t,
    (one) => one.issue(['DNS:localhost'], SOUND_DAYS),
    () => others.file,
  );
  assert.deepEqual(alarms(report), ['tls-unknown-ca']);
  assert.match(report.findings[0]?.explanation ?? '', /The issuer is: CN=House/);
});

test('a trust store that is not there is named before what follows from it', async (t) => {
  const report = await visit(
    t,
    (one) => one.issue(['DNS:localhost'], SOUND_DAYS),
    () => '/nowhere/roots.pem',
  );
  assert.deepEqual(alarms(report), ['tls-no-root-store']);
  assert.ok(report.hidden.some(({ code }) => code === 'tls-unknown-ca'));
});

test('https towards a port without TLS is named as that', async (t) => {
  const server = await startHttpServer(t, (_request, response) => response.end());
  const report = await examine(t, { GOPROXY: `https://localhost:${server.port}` }, { only });
  assert.deepEqual(alarms(report), ['tls-plaintext-peer']);
});

test('a server that breaks off each handshake is named', async (t) => {
  const server = await startRawServer(t, (socket) => {
    socket.once('data', () => socket.resetAndDestroy());
  });
  const report = await examine(t, { GOPROXY: `https://localhost:${server.port}` }, { only });
  assert.deepEqual(alarms(report), ['tcp-connection-reset']);
});

test('a handshake that is never answered is named', async (t) => {
  const server = await startRawServer(t, () => undefined);
  const report = await examine(
    t,
    { GOPROXY: `https://localhost:${server.port}` },
    { only: ['certificates'], patience: 0.1 },
  );
  assert.deepEqual(alarms(report), ['tls-handshake-timeout']);
});
