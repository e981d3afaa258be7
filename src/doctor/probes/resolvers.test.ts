import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { startDnsServer } from '../../../test/support/dns-server.ts';
import type { DnsBehaviour } from '../../../test/support/dns-server.ts';
import { alarms, examine } from '../../../test/support/examine.ts';
import type { DoctorReport } from '../index.ts';

const environment = { GOPROXY: 'https://proxy.test' };
const KNOWN = { names: { 'proxy.test': ['127.0.0.1'] } };
const only = ['resolvers'];
/** A resolver on loopback answers at once. */
const patience = 0.15;

async function ask(t: TestContext, ...behaviours: readonly DnsBehaviour[]): Promise<DoctorReport> {
  const resolvers = await Promise.all(behaviours.map((one) => startDnsServer(t, one)));
  return examine(t, environment, { only, resolvers, patience });
}

test('a sound resolver gives no finding, and its times over UDP and TCP are shown', async (t) => {
  const report = await ask(t, KNOWN);
  assert.deepEqual(report.findings, []);
  const [seen] = report.probes[0]?.observations ?? [];
  assert.equal(seen?.text, 'proxy.test: 127.0.0.1, AAAA no address, TCP 127.0.0.1');
  assert.deepEqual(Object.keys(seen?.milliseconds ?? {}), ['udp', 'tcp']);
});

const planted: readonly [cause: string, behaviour: DnsBehaviour, code: string][] = [
  ['a name that does not exist', {}, 'dns-no-such-host'],
  ['a name without an address', { names: { 'proxy.test': [] } }, 'dns-no-such-host'],
  ['a resolver that is silent', { silent: ['udp', 'tcp'] }, 'dns-timeout'],
  ['a resolver without UDP', { ...KNOWN, silent: ['udp'] }, 'dns-timeout'],
  ['a resolver that fails', { code: 2 }, 'dns-server-misbehaving'],
  ['a resolver that refuses', { code: 5 }, 'dns-server-misbehaving'],
  ['long answers and no TCP', { ...KNOWN, truncates: true, silent: ['tcp'] }, 'dns-timeout'],
];
for (const [cause, behaviour, code] of planted) {
  test(`${cause} is named first: ${code}`, async (t) => {
    const report = await ask(t, behaviour);
    assert.deepEqual(alarms(report), [code]);
    assert.equal(report.findings[0]?.severity, 'error');
  });
}

test('long answers are fine where TCP is', async (t) => {
  assert.deepEqual(alarms(await ask(t, { ...KNOWN, truncates: true })), []);
});

test('a resolver where nobody listens is named as that', async (t) => {
  const resolvers = [{ host: '127.0.0.1', port: 1 }];
  const report = await examine(t, environment, { only, resolvers, patience });
  assert.deepEqual(alarms(report), ['dns-server-unreachable']);
});

test('a resolver that loses questions is seen by --deep', async (t) => {
  const resolvers = [await startDnsServer(t, { ...KNOWN, loses: true })];
  const report = await examine(t, environment, { only, resolvers, patience, deep: true });
  assert.deepEqual(alarms(report), ['dns-timeout']);
  assert.match(report.findings[0]?.title ?? '', /loses 2 of 4 questions/);
});

test('a broken resolver beside a sound one is a warning that names it', async (t) => {
  const [sound, silent] = [
    await startDnsServer(t, KNOWN),
    await startDnsServer(t, { silent: ['udp'] }),
  ];
  const report = await examine(t, environment, { only, resolvers: [silent, sound], patience });
  assert.deepEqual(alarms(report), ['dns-timeout']);
  assert.equal(report.findings[0]?.severity, 'warning');
  assert.match(report.findings[0]?.title ?? '', new RegExp(`127.0.0.1:${silent.port} `));
});

test('the first answer decides, as for go, and a resolver that knows better is named', async (t) => {
  const report = await ask(t, {}, KNOWN);
  assert.deepEqual(alarms(report), ['dns-no-such-host']);
  assert.match(report.findings[0]?.explanation ?? '', /has it, but go believes the first answer/);
  assert.equal(report.findings[0]?.evidence.length, 2);
});

test('what fails because of the resolver is not a finding of its own', async (t) => {
  const resolver = await startDnsServer(t, { silent: ['udp', 'tcp'] });
  const report = await examine(t, environment, {
    only: ['resolvers', 'connections', 'certificates'],
    resolvers: [resolver],
    patience,
  });
  assert.deepEqual(alarms(report), ['dns-timeout']);
});
