import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../../test/support/test-clock.ts';
import { createTokenBucket } from './token-bucket.ts';

test('a bucket gives its reserve, then the share of requests and a trickle over time', async () => {
  const clock = createTestClock();
  const bucket = createTokenBucket(clock, { share: 0.2, reserve: 2, perSecond: 0.5 });
  assert.deepEqual([bucket.take(), bucket.take(), bucket.take()], [true, true, false]);
  for (let request = 0; request < 5; request += 1) bucket.earn();
  assert.deepEqual([bucket.take(), bucket.take()], [true, false]);
  await clock.advance(2000);
  assert.deepEqual([bucket.take(), bucket.take()], [true, false]);
  await clock.advance(1_000_000);
  assert.deepEqual([bucket.take(), bucket.take(), bucket.take()], [true, true, false]);
});
