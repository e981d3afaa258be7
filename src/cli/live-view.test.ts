import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderLiveView } from './live-view.ts';
import type { ServiceSnapshot } from './needs.ts';

const SETTINGS = { columns: 200, color: false, timeZone: 'UTC' };

function snapshot(parts: Partial<ServiceSnapshot> = {}): ServiceSnapshot {
  return {
    address: 'http://127.0.0.1:8080',
    uptimeSeconds: 10,
    requests: {},
    bytes: 0,
    level: 'L0',
    reason: '',
    upstreams: [],
    failures: [],
    ...parts,
  };
}

const UPSTREAM = {
  name: 'https://proxy.example.test',
  state: 'healthy',
  p50Milliseconds: 34.2,
  p95Milliseconds: 120.4,
  errorRatio: 0,
  lastFailure: undefined,
  nextProbe: undefined,
};

function textOf(...snapshots: readonly [ServiceSnapshot, ServiceSnapshot]): string {
  return renderLiveView(...snapshots, SETTINGS).join('\n');
}

test('renderLiveView() shows rates since the snapshot before, and totals since the start', () => {
  const before = snapshot({ requests: { hit: 1000, fill: 10 }, bytes: 0 });
  const now = snapshot({
    uptimeSeconds: 3672,
    requests: { hit: 37_620, fill: 376.2, failed: 1831 },
    bytes: 3662 * 1024 * 1024 * 1.5,
  });
  const text = textOf(before, now);
  assert.match(text, /cofferdam at http:\/\/127\.0\.0\.1:8080 {2}up 01:01:12 {2}level L0\n/u);
  assert.match(
    text,
    /requests {3}10\.6\/s {3}1\.5 MiB\/s {3}hits 99\.0 % of 39,827 since the start/u,
  );
  assert.match(
    text,
    /hit 10\.0\/s {3}fill 0\.1\/s {3}joined 0\/s {3}stale 0\/s {3}bypass 0\/s {3}failed 0\.5\/s/u,
  );
});

test('renderLiveView() shows a server that has just begun without numbers that are none', () => {
  const text = textOf(snapshot(), snapshot());
  assert.match(text, /requests {3}0\/s {3}0 B\/s {3}hits - of 0/u);
  assert.doesNotMatch(text, /NaN|Infinity|undefined|last failures/u);
});

test('renderLiveView() never shows a rate below zero after a reload', () => {
  const text = textOf(snapshot({ requests: { hit: 9 } }), snapshot({ uptimeSeconds: 11 }));
  assert.doesNotMatch(text, /-\d/u);
});

test('renderLiveView() shows how upstreams are, and why one is not well', () => {
  const sick = {
    ...UPSTREAM,
    name: 'https://b.test',
    state: 'unhealthy',
    p50Milliseconds: undefined,
    errorRatio: 0.874,
    lastFailure: 'connecting to b.test:443: refused\u001B[2J',
    nextProbe: '2026-11-21T15:04:05Z',
  };
  const text = textOf(
    snapshot(),
    snapshot({ upstreams: [UPSTREAM, sick], level: 'L2', reason: 'one is down' }),
  );
  assert.match(text, /level L2 \(one is down\)/u);
  assert.match(text, /https:\/\/proxy\.example\.test {2}healthy {5}34\.2 ms {2}120 ms {3}0 %/u);
  assert.match(
    text,
    /b\.test +unhealthy +- +120 ms +87 % {2}next try 15:04:05: connecting .* refused\?\[2J/u,
  );
});

test('renderLiveView() shows only as many upstreams and failures as fit', () => {
  const upstreams = Array.from({ length: 12 }, (_, index) => ({ ...UPSTREAM, name: `u${index}` }));
  const failures = Array.from({ length: 20 }, (_, index) => ({
    time: '2026-11-21T15:04:05Z',
    status: 502,
    path: `/m.test/p${index}/@v/list\u0007`,
    cause: 'nobody has it',
  }));
  const lines = renderLiveView(snapshot(), snapshot({ upstreams, failures }), SETTINGS);
  assert.ok(lines.length <= 24, 'an ordinary terminal has 24 lines');
  assert.ok(lines.includes('… and 4 more'));
  assert.ok(lines.includes('15:04:05  502  /m.test/p0/@v/list?  nobody has it'));
});

test('renderLiveView() never writes a line that would wrap, and counts no colour as width', () => {
  const failures = [
    { time: '2026-11-21T15:04:05Z', status: 502, path: '/p'.repeat(300), cause: 'x' },
  ];
  const narrow = { columns: 40, color: true, timeZone: 'UTC' };
  const lines = renderLiveView(snapshot(), snapshot({ failures, upstreams: [UPSTREAM] }), narrow);
  for (const line of lines) {
    assert.ok(line.replaceAll(/\u001B\[[\d;]*m/gu, '').length < 40, line);
    assert.equal(line.split('\u001B[').length % 2, 1, 'each colour ends');
  }
  assert.ok(lines.some((line) => line.includes('\u001B[32m')));
  const plain = renderLiveView(snapshot(), snapshot({ failures }), { ...narrow, color: false });
  assert.doesNotMatch(plain.join(''), /\u001B/u);
});
