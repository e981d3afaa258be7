import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { startHttpServer } from '../../test/support/http-servers.ts';
import type { DiagnosedLog } from '../failures/index.ts';
import { createHttpClient } from '../platform/adapters.ts';
import { diagnoseTrace } from './diagnose-trace.ts';

const TRACE = '0123456789abcdef'.repeat(2);
const RECORD = {
  time: '2026-05-01T10:00:00Z',
  trace: TRACE,
  method: 'GET',
  path: '/m.test/x/@v/v1.0.0.zip',
  kind: 'zip',
  module: 'm.test/x',
  version: 'v1.0.0',
  outcome: 'bypass',
  status: 502,
  bytes: 10,
  milliseconds: 12.3,
  cause:
    'm.test/x@v1.0.0 (.zip) could not be fetched: https://p.test answered 503 Service Unavailable; p.test said: no space left on device',
  reason: 'answered-5xx',
  attempts: [
    {
      span: 'a',
      upstream: 'p.test:443',
      path: '/x',
      time: 'now',
      outcome: '503',
      milliseconds: 9.8,
      phases: {},
    },
  ],
};

async function diagnosed(
  context: TestContext,
  status: number,
  answer: unknown,
): Promise<{
  readonly log: DiagnosedLog;
  readonly asked: readonly string[];
  readonly url: string;
}> {
  const asked: string[] = [];
  const server = await startHttpServer(context, (request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.writeHead(status);
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  const http = createHttpClient({}, { version: 'test', environment: {} });
  context.after(async () => http.close());
  const log = await diagnoseTrace({ http }, { trace: TRACE, server: server.url });
  return { log, asked, url: server.url };
}

test('what a server recorded is named as the failure behind it, with the request as proof', async (context) => {
  const { log, asked, url } = await diagnosed(context, 200, { requests: [RECORD] });
  assert.deepEqual(asked, [`GET /-/api/v1/requests?trace=${TRACE}`]);
  assert.equal(log.source, `trace ${TRACE}`);
  assert.equal(log.outcome, 'diagnosed');
  const [root] = log.findings;
  assert.equal(root?.code, 'proxy-5xx');
  assert.match(root?.explanation ?? '', /m\.test\/x@v1\.0\.0/);
  assert.equal(root?.evidence[0]?.source, new URL(url).origin);
  assert.match(
    root?.evidence[0]?.text ?? '',
    /^GET \/m\.test\/x\/@v\/v1\.0\.0\.zip answered 502 in 12 ms at .*; p\.test:443: 503 \(10 ms\)$/,
  );
});

test('requests that succeeded are no failure', async (context) => {
  const { cause: _, reason: _reason, ...rest } = RECORD;
  const { log } = await diagnosed(context, 200, { requests: [{ ...rest, status: 200 }] });
  assert.equal(log.outcome, 'no-failure');
});

test('a trace that is not recorded, a refusal and a stranger are told apart', async (context) => {
  await assert.rejects(diagnosed(context, 200, { requests: [] }), { code: 'trace-absent' });
  await assert.rejects(diagnosed(context, 403, 'not from here\n'), {
    code: 'server-refused',
    kind: 'denied',
  });
  await assert.rejects(diagnosed(context, 200, '<html>'), { code: 'server-not-understood' });
});
