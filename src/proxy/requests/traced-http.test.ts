import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../../test/support/test-clock.ts';
import { ProgramError } from '../../platform/index.ts';
import type { FinishedSpan, Meter } from '../../platform/index.ts';
import type { HttpRequest, HttpResponse } from '../../platform/http/index.ts';
import { createOpenRequests } from './open-requests.ts';
import { createTracedHttp } from './traced-http.ts';
import { createTrailScope } from './trail.ts';
import type { Trail } from './trail.ts';

const TRACE = 'a'.repeat(32);

interface SetUp {
  readonly http: ReturnType<typeof createTracedHttp>;
  readonly scope: ReturnType<typeof createTrailScope>;
  readonly sent: HttpRequest[];
  readonly ended: FinishedSpan[];
  readonly phases: string[];
}

function setUp(): SetUp {
  const sent: HttpRequest[] = [];
  const ended: FinishedSpan[] = [];
  const phases: string[] = [];
  const scope = createTrailScope();
  const clock = createTestClock();
  const meter: Pick<Meter, 'counter' | 'histogram'> = {
    counter: (name) => ({ with: () => ({ add: () => phases.push(name) }) }),
    histogram: () => ({
      with: (...labels) => ({
        record: (seconds) => {
          phases.push(`${labels.join(' ')} ${seconds}`);
        },
      }),
    }),
  };
  const plain = {
    async request(request: HttpRequest): Promise<HttpResponse> {
      sent.push(request);
      await clock.advance(20);
      if (request.url.includes('broken')) {
        throw new ProgramError({ code: 'http-timeout', kind: 'timeout', message: 'nothing came' });
      }
      request.observe?.('connect', 5);
      request.observe?.('first-byte', 15);
      return { status: 200 } as HttpResponse;
    },
    close: async () => undefined,
  };
  let spans = 0;
  const http = createTracedHttp({
    http: plain,
    clock,
    meter: meter as Meter,
    scope,
    open: createOpenRequests(clock),
    spans: () => String((spans += 1)).padStart(16, '0'),
    traces: () => 'f'.repeat(32),
    sink: { ended: (span) => ended.push(span) },
  });
  return { http, scope, sent, ended, phases };
}

function trailOf(): Trail {
  const span = 'b'.repeat(16);
  return {
    trace: TRACE,
    span,
    parent: undefined,
    startedMilliseconds: 0,
    attempts: [],
    ended: false,
  };
}

function requestTo(url: string): HttpRequest {
  return {
    method: 'GET',
    url,
    headers: { via: 'x' },
    signal: new AbortController().signal,
    connectMilliseconds: 1,
    headersMilliseconds: 1,
    idleMilliseconds: 1,
  };
}

test("createTracedHttp() sends the client's trace on with a new span, and notes what happened", async () => {
  const { http, scope, sent, phases } = setUp();
  const trail = trailOf();
  await scope.run(trail, async () => {
    await http.request(requestTo('https://user:pass@a.test:8443/m/@v/list?token=1'));
    await assert.rejects(http.request(requestTo('https://b.test/broken')));
  });
  assert.deepEqual(
    sent.map(({ headers }) => headers),
    [
      { via: 'x', traceparent: `00-${TRACE}-0000000000000001-01` },
      { via: 'x', traceparent: `00-${TRACE}-0000000000000002-01` },
    ],
  );
  assert.deepEqual(
    trail.attempts.map(({ upstream, path, outcome, milliseconds }) => [
      upstream,
      path,
      outcome,
      milliseconds,
    ]),
    [
      ['a.test:8443', '/m/@v/list', '200', 20],
      ['b.test', '/broken', 'http-timeout', 20],
    ],
  );
  assert.deepEqual(trail.attempts[0]?.phases, { connect: 5, 'first-byte': 15 });
  assert.deepEqual(phases, [
    'a.test:8443 connect 0.005',
    'cofferdam_upstream_connections_total',
    'a.test:8443 first_byte 0.015',
  ]);
});

test('createTracedHttp() gives what nobody asked for a trace of its own', async () => {
  const { http, sent } = setUp();
  await http.request(requestTo('https://a.test/m/@v/list'));
  assert.equal(sent[0]?.headers?.['traceparent'], `00-${'f'.repeat(32)}-0000000000000001-01`);
});

test('createTracedHttp() tells by itself what comes after the answer', async () => {
  const { http, scope, ended } = setUp();
  const trail = { ...trailOf(), ended: true };
  await scope.run(trail, async () => http.request(requestTo('https://a.test/m/@v/v1.0.0.zip')));
  assert.equal(ended.length, 1);
  assert.equal(ended[0]?.parent, trail.span);
  assert.equal(ended[0]?.trace, TRACE);
});

test('createTracedHttp() notes no more attempts than one request can sensibly make', async () => {
  const { http, scope } = setUp();
  const trail = trailOf();
  await scope.run(trail, async () => {
    for (let index = 0; index < 40; index += 1) await http.request(requestTo('https://a.test/'));
  });
  assert.equal(trail.attempts.length, 32);
});
