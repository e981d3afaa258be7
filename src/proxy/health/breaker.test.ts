import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../../test/support/test-clock.ts';
import type { TestClock } from '../../../test/support/test-clock.ts';
import { createBreaker } from './breaker.ts';
import type { Breaker } from './breaker.ts';
import { HEALTH_SETTINGS } from './health-settings.ts';

function stage(): { readonly breaker: Breaker; readonly clock: TestClock } {
  const clock = createTestClock();
  const random = { fraction: () => 1, bytes: (count: number) => Buffer.alloc(count) };
  return { breaker: createBreaker({ clock, random }, HEALTH_SETTINGS), clock };
}

function run(breaker: Breaker, outcomes: string): void {
  for (const outcome of outcomes) {
    const admission = breaker.admit();
    if (admission !== 'refused') breaker.settle(admission, outcome === '+' ? 'success' : 'failure');
  }
}

test('a breaker opens at half of eight failed, and not before', () => {
  const few = stage().breaker;
  run(few, '-------');
  assert.equal(few.state(), 'closed');
  run(few, '-');
  assert.equal(few.state(), 'open');
  const some = stage().breaker;
  run(some, '++++++---+-+');
  assert.equal(some.state(), 'closed');
});

test('a breaker forgets what is older than its window', async () => {
  const { breaker, clock } = stage();
  run(breaker, '-------');
  await clock.advance(31_000);
  run(breaker, '-');
  assert.equal(breaker.state(), 'closed');
  assert.deepEqual(breaker.samples(), { count: 1, failures: 1 });
});

test('an open breaker lets few trials through, closes after two successes and starts anew', async () => {
  const { breaker, clock } = stage();
  run(breaker, '--------');
  assert.equal(breaker.admit(), 'refused');
  await clock.advance(2000);
  assert.equal(breaker.state(), 'half-open');
  assert.deepEqual(
    [breaker.admit(), breaker.admit(), breaker.admit()],
    ['trial', 'trial', 'refused'],
  );
  breaker.settle('trial', 'success');
  assert.equal(breaker.state(), 'half-open');
  breaker.settle('trial', 'success');
  assert.equal(breaker.state(), 'closed');
  assert.equal(breaker.samples().count, 0);
});

test('each trial that fails doubles the open time up to a minute', async () => {
  const { breaker, clock } = stage();
  run(breaker, '--------');
  const times: number[] = [];
  for (let trial = 0; trial < 7; trial += 1) {
    const wait = (breaker.nextTrialAt() ?? 0) - clock.monotonicMilliseconds();
    times.push(wait);
    await clock.advance(wait);
    breaker.settle(breaker.admit(), 'failure');
  }
  assert.deepEqual(times, [2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
});

test('a trial of which nothing was learned gives its place back', async () => {
  const { breaker, clock } = stage();
  run(breaker, '--------');
  await clock.advance(2000);
  breaker.settle(breaker.admit(), 'unknown');
  assert.equal(breaker.state(), 'half-open');
  assert.equal(breaker.admit(), 'trial');
});
