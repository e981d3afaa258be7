import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../test/support/test-clock.ts';
import { createCommitGate } from './commit-gate.ts';

const SETTINGS = { quietMilliseconds: 100, longestMilliseconds: 1000, waitingBytes: 1000 };

test('createCommitGate() waits for a quiet moment, but not for ever', async () => {
  const clock = createTestClock();
  const gate = createCommitGate({ clock }, SETTINGS);
  const passed: string[] = [];
  const over = gate.busy();
  void gate.pass(10).then(() => passed.push('first'));
  await clock.advance(500);
  assert.equal(passed.length, 0);
  over();
  await clock.advance(99);
  assert.equal(passed.length, 0);
  await clock.advance(1);
  assert.equal(passed.join(), 'first');
  gate.busy();
  void gate.pass(10).then(() => passed.push('second'));
  await clock.advance(999);
  assert.equal(passed.join(), 'first');
  await clock.advance(1);
  assert.equal(passed.join(), 'first,second');
});

test('createCommitGate() lets all go when too much waits, and nothing waits once it is open', async () => {
  const clock = createTestClock();
  const gate = createCommitGate({ clock }, SETTINGS);
  gate.busy();
  const first = gate.pass(600);
  await Promise.all([first, gate.pass(600)]);
  const third = gate.pass(10);
  gate.open();
  await Promise.all([third, gate.pass(10)]);
});
