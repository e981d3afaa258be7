import assert from 'node:assert/strict';
import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { test } from 'node:test';
import { createTurns } from './turns.ts';

test('createTurns() lets only so many in, and the others in the order of asking', async () => {
  const turns = createTurns(2);
  const inside: number[] = [];
  const waiting = [1, 2, 3, 4].map(async (one) => {
    await turns.take();
    inside.push(one);
  });
  await turnOfLoop();
  assert.deepEqual(inside, [1, 2]);
  turns.give();
  await turnOfLoop();
  assert.deepEqual(inside, [1, 2, 3]);
  turns.give();
  await Promise.all(waiting);
  assert.deepEqual(inside, [1, 2, 3, 4]);
  turns.give();
  turns.give();
  await turns.take();
  await turns.take();
});

test('createTurns() forgets those who give up', async () => {
  const turns = createTurns(1);
  await turns.take();
  const controller = new AbortController();
  const lost = turns.take(controller.signal);
  const next = turns.take();
  controller.abort(new Error('enough'));
  await assert.rejects(lost, /enough/u);
  await assert.rejects(turns.take(controller.signal), /enough/u);
  turns.give();
  await next;
});
