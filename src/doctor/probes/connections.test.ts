import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alarms, examine } from '../../../test/support/examine.ts';
import { startRawServer } from '../../../test/support/http-servers.ts';

const only = ['connections'];

test('a server that listens is connected, with its time', async (t) => {
  const server = await startRawServer(t, () => undefined);
  const report = await examine(t, { GOPROXY: server.url }, { only });
  assert.deepEqual(report.findings, []);
  assert.match(report.probes[0]?.observations[0]?.text ?? '', /: connected$/);
});

test("nobody at the port is named first, with the system's own word", async (t) => {
  const report = await examine(t, { GOPROXY: 'http://127.0.0.1:1' }, { only });
  assert.deepEqual(alarms(report), ['tcp-connection-refused']);
  assert.match(report.findings[0]?.evidence[0]?.text ?? '', /ECONNREFUSED/);
});

test('localhost that listens by IPv4 only is fine', async (t) => {
  const server = await startRawServer(t, () => undefined);
  const report = await examine(t, { GOPROXY: `http://localhost:${server.port}` }, { only });
  assert.deepEqual(report.findings, []);
});

test('a server that is only asked when another fails is a warning', async (t) => {
  const server = await startRawServer(t, () => undefined);
  const report = await examine(t, { GOPROXY: `${server.url},http://127.0.0.1:1` }, { only });
  assert.equal(report.findings[0]?.severity, 'warning');
});
