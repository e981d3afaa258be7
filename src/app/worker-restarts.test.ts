import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../test/support/test-clock.ts';
import { createWorkerRestarts } from './worker-restarts.ts';

test('a worker that dies is replaced at once, and later each time when they die right away', async () => {
  const clock = createTestClock();
  const restarts = createWorkerRestarts({ clock });
  const delays = [];
  for (let death = 0; death < 9; death += 1) delays.push(restarts.delayAfter(100));
  assert.deepEqual(delays, [0, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
  assert.equal(restarts.delayAfter(3_600_000), 0);
  await clock.advance(61_000);
  assert.equal(restarts.delayAfter(100), 0);
});
