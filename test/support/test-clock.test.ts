import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockContract } from '../../src/platform/clock.contract.ts';
import { createTestClock } from './test-clock.ts';

clockContract('createTestClock()', () => {
  const clock = createTestClock();
  return { clock, pass: clock.advance };
});

test('createTestClock() runs timers in order, also those that start while it advances', async () => {
  const clock = createTestClock();
  const seen: string[] = [];
  clock.after(20, () => seen.push(`late at ${clock.monotonicMilliseconds()}`));
  async function twoSteps(): Promise<void> {
    await clock.sleep(5);
    seen.push(`first at ${clock.monotonicMilliseconds()}`);
    await clock.sleep(5);
    seen.push(`second at ${clock.monotonicMilliseconds()}`);
  }
  const steps = twoSteps();
  await clock.advance(30);
  await steps;
  assert.deepEqual(seen, ['first at 5', 'second at 10', 'late at 20']);
  assert.equal(clock.now().toString(), '2026-01-01T00:00:00.03Z');
  assert.equal(clock.pending(), 0);
});
