import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../test/support/test-clock.ts';
import { withDeadline } from './with-deadline.ts';

async function untilAborted(signal: AbortSignal): Promise<unknown> {
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  return signal.reason;
}

test('the signal aborts after the time, and nothing waits once the work is done', async () => {
  const clock = createTestClock();
  const late = withDeadline(clock, 1000, untilAborted);
  await clock.advance(1000);
  assert.match(String(await late), /time limit of 1000 ms/);
  assert.equal(await withDeadline(clock, 1000, async () => 'done'), 'done');
  await assert.rejects(withDeadline(clock, 1000, async () => Promise.reject(new Error('broken'))));
  assert.equal(clock.pending(), 0);
});

test('an outer signal aborts the inner one, also when it already has', async () => {
  const clock = createTestClock();
  const outer = new AbortController();
  const running = withDeadline(clock, 1000, untilAborted, outer.signal);
  outer.abort('leaving');
  assert.equal(await running, 'leaving');
  assert.equal(await withDeadline(clock, 1000, untilAborted, outer.signal), 'leaving');
  assert.equal(clock.pending(), 0);
});
