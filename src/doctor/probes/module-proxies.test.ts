import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { alarms, examine } from '../../../test/support/examine.ts';
import { createAuthority } from '../../../test/support/certificates.ts';
import { startCannedServer, startHttpServer } from '../../../test/support/http-servers.ts';
import { startOrigin } from '../../../test/support/start-origin.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { ProgramError } from '../../platform/index.ts';
import { behindRedirect, explainHttpError } from '../explain-http-error.ts';
import { judgeFailure } from './judge-proxy.ts';

const only = ['go-settings', 'connections', 'certificates', 'module-proxies'];

type Fault = Parameters<Awaited<ReturnType<typeof startOrigin>>['setFaults']>[0][number]['fault'];

const MODULE = { path: 'sound.test/module', version: 'v1.0.0', zipBytes: 1000 };

async function repository(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t);
  const text = `module example.test/main\n\ngo 1.21\n\nrequire ${MODULE.path} ${MODULE.version}\n`;
  await writeFile(join(folder, 'go.mod'), text);
  return folder;
}

async function codes(
  t: TestContext,
  goproxy: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const directory = await repository(t);
  return alarms(await examine(t, { GOPROXY: goproxy, ...environment }, { directory, only }));
}

test('a sound proxy gives no finding, and its answers, times and kept connection are shown', async (t) => {
  const origin = await startOrigin(t, { modules: [MODULE] });
  const directory = await repository(t);
  const report = await examine(t, { GOPROXY: origin.url }, { directory, only });
  assert.deepEqual(alarms(report), []);
  const seen = report.probes.find(({ name }) => name === 'module-proxies')?.observations[0];
  assert.match(seen?.text ?? '', /^status 200, 1 version listed, HTTP\/1\.1, connection kept$/);
  assert.ok((seen?.milliseconds?.['first-byte'] ?? -1) >= 0);
});

const planted: readonly [cause: string, fault: Fault, code: string][] = [
  ['a captive portal', { kind: 'html' }, 'proxy-bad-gomod'],
  ['a proxy that wants credentials', { kind: 'status', status: 401 }, 'proxy-unauthorized'],
  ['a proxy that forbids', { kind: 'status', status: 403 }, 'proxy-forbidden'],
  ['a proxy that has had enough', { kind: 'status', status: 429 }, 'proxy-rate-limited'],
  ['a gateway that fails', { kind: 'status', status: 502 }, 'proxy-5xx'],
  ['a status that no proxy has', { kind: 'status', status: 418 }, 'proxy-bad-request'],
  ['an answer of another kind', { kind: 'replace', body: 'hello world' }, 'proxy-bad-gomod'],
  [
    'a body that ends early',
    { kind: 'cut', afterBytes: 3, framing: 'length' },
    'download-truncated',
  ],
  ['a reset before the headers', { kind: 'reset' }, 'tcp-connection-reset'],
  [
    'a redirect to itself',
    { kind: 'redirect', to: 'https://127.0.0.1:1/' },
    'tcp-connection-refused',
  ],
];
for (const [cause, fault, code] of planted) {
  test(`${cause} is named first: ${code}`, async (t) => {
    const origin = await startOrigin(t, { modules: [MODULE], faults: [{ fault }] });
    const [first] = await codes(t, origin.url);
    assert.equal(first, code);
  });
}

test('an .info of another version, and one that is no JSON, are named', async (t) => {
  const origin = await startOrigin(t, {
    modules: [MODULE],
    faults: [{ kinds: ['info'], fault: { kind: 'wrong-info', version: 'v9.9.9' } }],
  });
  assert.deepEqual(await codes(t, origin.url), ['proxy-wrong-version']);
  origin.setFaults([{ kinds: ['info'], fault: { kind: 'replace', body: 'no json' } }]);
  assert.deepEqual(await codes(t, origin.url), ['proxy-non-json']);
});

test('a list with something else than versions is a warning', async (t) => {
  const origin = await startOrigin(t, {
    modules: [MODULE],
    faults: [{ kinds: ['list'], fault: { kind: 'replace', body: 'index of /\n' } }],
  });
  assert.deepEqual(await codes(t, origin.url), ['proxy-bad-content']);
});

test('nothing is counted in an answer that is no list', async (t) => {
  const answers: readonly [fault: Fault, text: RegExp][] = [
    [{ kind: 'status', status: 503 }, /^status 503, HTTP/],
    [{ kind: 'status', status: 401 }, /^status 401, HTTP/],
    [{ kind: 'html' }, /^status 200, HTTP/],
  ];
  for (const [fault, text] of answers) {
    const origin = await startOrigin(t, { modules: [MODULE], faults: [{ fault }] });
    const report = await examine(t, { GOPROXY: origin.url }, { only: ['module-proxies'] });
    assert.match(report.probes[0]?.observations[0]?.text ?? '', text);
  }
});

test('a redirect to a log-in page of somebody else is named as that', async (t) => {
  const portal = await startHttpServer(t, (_request, response) => {
    response.end('<html>Log in, please</html>');
  });
  const proxy = await startHttpServer(t, (_request, response) => {
    response.writeHead(302, { location: `${portal.url}/login` }).end();
  });
  assert.deepEqual(await codes(t, proxy.url), ['redirect-problem']);
});

test('a redirect to a name that does not exist is told with that name, and the proxy exists', () => {
  const error = new ProgramError({
    code: 'http-dns-failed',
    kind: 'unavailable',
    message: 'the name of login.corp.test:443 does not resolve',
  });
  const failure = explainHttpError(error);
  assert.ok(failure !== undefined);
  const context = { url: 'http://proxy.test', scope: 'proxy.test', isNeeded: true };
  const told = judgeFailure(context, behindRedirect(failure, 'proxy.test', 'login.corp.test'));
  assert.equal(told.code, 'redirect-problem');
  assert.equal(
    told.title,
    'proxy.test redirects to login.corp.test, a name that does not exist for this machine',
  );
  assert.match(told.evidence[0]?.text ?? '', /^redirected to login\.corp\.test: the name of/);
  const itself = judgeFailure(context, behindRedirect(failure, 'proxy.test', 'proxy.test'));
  assert.equal(itself.code, 'dns-no-such-host');
});

test('a redirect to where nothing listens is told with that place', async (t) => {
  const proxy = await startHttpServer(t, (_request, response) => {
    response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
  });
  const { findings } = await examine(t, { GOPROXY: proxy.url }, { only });
  assert.equal(findings[0]?.code, 'tcp-connection-refused');
  const scope = new URL(proxy.url).host;
  assert.equal(
    findings[0].title,
    `${scope} redirects to 127.0.0.1:1: nothing listens at 127.0.0.1:1`,
  );
});

test('a service that speaks no HTTP, and one that hangs up, are told apart', async (t) => {
  const garbage = await startCannedServer(t, 'SSH-2.0-OpenSSH_9.6\r\n');
  const silent = await startCannedServer(t, '');
  assert.deepEqual(await codes(t, garbage.url), ['http-garbage']);
  assert.deepEqual(await codes(t, silent.url), ['conn-eof']);
});

test('a requirement that no proxy has is named, but not where direct stands behind them', async (t) => {
  const origin = await startOrigin(t, {});
  assert.deepEqual(await codes(t, origin.url), ['proxy-not-found']);
  assert.deepEqual(await codes(t, `${origin.url},direct`), []);
});

test('a clock that differs from the Date of the server by hours is named', async (t) => {
  const proxy = await startHttpServer(t, (_request, response) => {
    response.writeHead(404, { date: 'Tue, 04 Jan 2022 10:00:00 GMT' }).end('not found');
  });
  assert.deepEqual(await codes(t, `${proxy.url},direct`), ['tls-clock-skew']);
});

test('a second entry that fails, or one before a pipe, is a warning', async (t) => {
  const sound = await startOrigin(t, { modules: [MODULE] });
  const gone = await startOrigin(t, {});
  await gone.close();
  const directory = await repository(t);
  for (const list of [`${sound.url},${gone.url}`, `${gone.url}|${sound.url}`]) {
    const { findings } = await examine(
      t,
      { GOPROXY: list },
      { directory, only: ['module-proxies'] },
    );
    assert.deepEqual(
      findings.map(({ code, severity }) => [code, severity]),
      [['tcp-connection-refused', 'warning']],
    );
  }
});

test('a list in which every entry fails is an error, whatever its separators', async (t) => {
  const directory = await repository(t);
  const list = 'http://127.0.0.1:1|http://127.0.0.1:2';
  const report = await examine(t, { GOPROXY: list }, { directory, only: ['module-proxies'] });
  assert.deepEqual(
    report.findings.map(({ severity }) => severity),
    ['error', 'error'],
  );
});

test('the directory of a file:// entry must be there', async (t) => {
  const folder = await temporaryFolder(t);
  assert.deepEqual(await codes(t, `file://${folder}`), []);
  assert.deepEqual(await codes(t, `file://${folder}/gone`), ['proxy-file-missing']);
});

test('a password in GOPROXY is never shown', async (t) => {
  const origin = await startOrigin(t, {});
  await origin.close();
  const url = origin.url.replace('http://', 'http://user:hunter22@');
  const report = await examine(t, { GOPROXY: url }, { only });
  assert.deepEqual(alarms(report), ['tcp-connection-refused']);
  assert.equal(JSON.stringify(report).includes('hunter22'), false);
});

test('plain HTTP towards an https port is told with the URL that works', async (t) => {
  const authority = await createAuthority(await temporaryFolder(t), 'House');
  const pair = await authority.issue(['DNS:localhost']);
  const server = await startHttpServer(t, (_request, response) => response.end(), pair);
  const front = await startHttpServer(t, (_request, response) => {
    response.writeHead(400).end('Client sent an HTTP request to an HTTPS server.\n');
  });
  for (const [port, code] of [
    [server.port, 'conn-eof'],
    [front.port, 'proxy-bad-request'],
  ] as const) {
    const { findings } = await examine(t, { GOPROXY: `http://localhost:${port}` }, { only });
    const [first] = findings;
    assert.equal(first?.code, code);
    assert.equal(first.title, `localhost:${port} speaks https on this port, and GOPROXY says http`);
    assert.equal(first.fix?.text, `write https://localhost:${port} in GOPROXY`);
  }
});
