import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../../test/support/test-clock.ts';
import type { TestClock } from '../../../test/support/test-clock.ts';
import { createTestMeter } from '../../../test/support/test-meter.ts';
import type { TestMeter } from '../../../test/support/test-meter.ts';
import { createQuietLogger } from '../../platform/adapters.ts';
import { createHealthRegister } from './health-register.ts';
import type { HealthRegister } from './health-register.ts';
import { HEALTH_SETTINGS } from './health-settings.ts';

const FIRST = 'https://first.test';
const SECOND = 'https://second.test';

interface Stage {
  readonly register: HealthRegister;
  readonly clock: TestClock;
  readonly meter: TestMeter;
}

function stage(): Stage {
  const clock = createTestClock();
  const meter = createTestMeter();
  const random = { fraction: () => 1, bytes: (count: number) => Buffer.alloc(count) };
  const needs = { clock, meter, random, logger: createQuietLogger() };
  const register = createHealthRegister(needs, HEALTH_SETTINGS);
  register.configure([FIRST, SECOND]);
  return { register, clock, meter };
}

function fail({ register }: Stage, name: string, times = 8): void {
  for (let time = 0; time < times; time += 1) {
    register.of(name).begin(true)?.settle('failure', 'it answered 503');
  }
}

test('the level follows the upstreams: some fail, all fail, all fail for a while', async () => {
  const there = stage();
  const { register, clock, meter } = there;
  assert.equal(register.level(), 'L0');
  fail(there, FIRST);
  assert.equal(register.level(), 'L1');
  assert.match(register.snapshot().reason, /some upstreams fail: https:\/\/first\.test/u);
  fail(there, SECOND);
  assert.equal(register.level(), 'L2');
  assert.equal(meter.value('cofferdam_degradation_level'), 2);
  assert.equal(meter.value('cofferdam_upstream_breaker_state', FIRST), 2);
  await clock.advance(31_000);
  fail(there, FIRST, 1);
  assert.equal(register.level(), 'L3');
  register.setStoreWritable(false);
  assert.equal(register.level(), 'L4');
});

test('a snapshot says what was measured, in plain data', async () => {
  const there = stage();
  const { register, clock } = there;
  const health = register.of(FIRST);
  for (let time = 1; time <= 20; time += 1) health.answeredAfter(time, true);
  health.received(1_000_000, 500);
  await clock.advance(1000);
  fail(there, FIRST);
  const [first, second] = register.snapshot().upstreams;
  assert.deepEqual(first, {
    name: FIRST,
    state: 'unhealthy',
    breaker: 'open',
    p50Milliseconds: 11,
    p95Milliseconds: 20,
    bytesPerSecond: 2_000_000,
    errorRatio: 1,
    samples: 8,
    failingSince: '2026-01-01T00:00:01Z',
    lastFailure: 'it answered 503',
    nextProbe: '2026-01-01T00:00:03Z',
    override: undefined,
  });
  assert.equal(second?.state, 'healthy');
});

test('an override holds whatever is measured, and ends by itself', async () => {
  const there = stage();
  const { register, clock } = there;
  const health = register.of(FIRST);
  assert.equal(register.override('https://unknown.test', 'down', 1000), false);
  register.override(FIRST, 'down', 60_000);
  assert.equal(health.begin(true), undefined);
  assert.equal(health.heldDownUntil(), '2026-01-01T00:01:00Z');
  assert.equal(register.level(), 'L1');
  await clock.advance(60_000);
  assert.equal(register.level(), 'L0');
  assert.notEqual(health.begin(false), undefined);
  register.override(FIRST, 'up', 60_000);
  fail(there, FIRST);
  assert.equal(health.isUnwelcome(), false);
  assert.equal(register.snapshot().upstreams[0]?.state, 'held-up');
  register.override(FIRST, 'auto', 0);
  assert.equal(health.isUnwelcome(), true);
});

test('retries are free while something succeeds, and bounded while nothing does', () => {
  const there = stage();
  const health = there.register.of(FIRST);
  assert.ok(Array.from({ length: 500 }, () => health.mayRetry()).every(Boolean));
  fail(there, FIRST, 1);
  const granted = Array.from({ length: 500 }, () => health.mayRetry()).filter(Boolean).length;
  assert.equal(granted, HEALTH_SETTINGS.retryReserve);
});

test('names beyond the bound share one record', () => {
  const { register } = stage();
  for (let number = 0; number < 500; number += 1) register.of(`https://n${number}.test`);
  assert.equal(register.of('https://one-more.test').name, 'others');
  assert.equal(register.of(FIRST).name, FIRST);
});
