import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../../test/support/test-clock.ts';
import type { FinishedSpan } from '../../platform/index.ts';
import type { Exchange, Reply } from '../exchange.ts';
import type { RequestRecord } from './record.ts';
import { createTrails } from './trails.ts';

const TRACE = 'a'.repeat(32);
const PARENT = 'c'.repeat(16);

function exchangeOf(parts: Partial<Exchange>): Exchange {
  return {
    method: 'GET',
    path: '/m.test/x/@v/v1.0.0.mod',
    headers: {
      'user-agent': `Go-http-client/1.1 ghp_secret ${'g'.repeat(500)}`,
      traceparent: `00-${TRACE}-${PARENT}-01`,
    },
    client: '192.0.2.1',
    reply: {} as Reply,
    mode: { cachedOnly: false },
    ...parts,
  };
}

test('createTrails() tells the record and the spans of one request', async () => {
  const records: RequestRecord[] = [];
  const spans: FinishedSpan[] = [];
  const ended = (record: RequestRecord): void => void records.push(record);
  const sink = { ended: (span: FinishedSpan) => void spans.push(span) };
  const clock = createTestClock();
  const trails = createTrails({ clock, spans: () => 'b'.repeat(16), hit: undefined, ended, sink });
  const exchange = exchangeOf({});
  const trail = trails.begin(exchange, TRACE);
  const at = trail.startedMilliseconds;
  trail.attempts.push({
    span: 'd'.repeat(16),
    upstream: 'a.test:8443',
    path: '/base/m.test',
    startedMilliseconds: at + 1,
    outcome: '503',
    milliseconds: 8,
    phases: { transfer: 2, connect: 3, 'first-byte': 4 },
  });
  const cause = 'nobody has it';
  trails.end(trail, exchange, 'mod', { status: 502, outcome: 'bypass', cause }, 0.02);
  assert.deepEqual(
    [records[0]?.status, records[0]?.cause, records[0]?.milliseconds],
    [502, cause, 20],
  );
  assert.equal(records[0]?.userAgent, 'Go-http-client/1.1');
  const [server, client] = spans;
  assert.deepEqual(
    [server?.kind, server?.span, server?.parent, server?.failure],
    ['server', 'b'.repeat(16), PARENT, cause],
  );
  assert.deepEqual(
    [client?.kind, client?.span, client?.parent, client?.failure],
    ['client', 'd'.repeat(16), 'b'.repeat(16), '503'],
  );
  assert.deepEqual(client?.events, [
    { name: 'connect', milliseconds: at + 4 },
    { name: 'first-byte', milliseconds: at + 8 },
    { name: 'transfer', milliseconds: at + 10 },
  ]);
  assert.equal(client?.endMilliseconds, at + 10);
  assert.deepEqual(
    [client?.attributes['server.address'], client?.attributes['server.port']],
    ['a.test', 8443],
  );
  assert.ok(trail.ended);
});

test('createTrails() tells nobody when nobody wants to know', () => {
  const clock = createTestClock();
  const trails = createTrails({
    clock,
    spans: () => '',
    hit: undefined,
    ended: () => undefined,
    sink: undefined,
  });
  const exchange = exchangeOf({});
  trails.end(trails.begin(exchange, TRACE), exchange, 'mod', { status: 200, outcome: 'fill' }, 1);
});
