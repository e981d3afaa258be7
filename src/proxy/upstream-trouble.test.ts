import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../test/support/test-clock.ts';
import { createUpstreamTrouble } from './upstream-trouble.ts';

test('an unreachable upstream is probed by one caller every five seconds until it answers', async () => {
  const clock = createTestClock();
  const trouble = createUpstreamTrouble(clock);
  assert.equal(trouble.state(), 'well');
  trouble.unreachable();
  assert.equal(trouble.state(), 'failing');
  await clock.advance(5000);
  assert.deepEqual([trouble.state(), trouble.state()], ['probe', 'failing']);
  trouble.answered();
  assert.equal(trouble.state(), 'well');
});

test('one question that fails again and again says nothing about the others, three different ones do', () => {
  const trouble = createUpstreamTrouble(createTestClock());
  for (let time = 0; time < 5; time += 1) trouble.failed('a');
  trouble.failed('b');
  assert.equal(trouble.state(), 'well');
  trouble.failed('c');
  assert.equal(trouble.state(), 'failing');
});

test('an answer between failures begins the count anew', () => {
  const trouble = createUpstreamTrouble(createTestClock());
  for (const key of ['a', 'b']) trouble.failed(key);
  trouble.answered();
  trouble.failed('c');
  assert.equal(trouble.state(), 'well');
});
