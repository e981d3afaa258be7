import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../../test/support/test-clock.ts';
import { createQuietLogger } from '../../platform/adapters.ts';
import { createListWriter } from './list-writer.ts';

test('lists that changed together are written together, each once, and some at a time', async () => {
  const clock = createTestClock();
  const written: string[] = [];
  let running = 0;
  let most = 0;
  const lists = createListWriter(
    { clock, logger: createQuietLogger() },
    { writeDelayMilliseconds: 500 },
    async (path) => {
      running += 1;
      most = Math.max(most, running);
      await clock.sleep(1);
      running -= 1;
      written.push(path);
    },
  );
  for (let module = 0; module < 300; module += 1) {
    lists.changed(`m${module}`);
    lists.changed(`m${module}`);
  }
  await clock.advance(1000);
  assert.equal(new Set(written).size, 300);
  assert.equal(written.length, 300);
  assert.equal(most, 64);
});

test('a list that cannot be written keeps back no other one, and what is due is written at the end', async () => {
  const clock = createTestClock();
  const written: string[] = [];
  const lists = createListWriter(
    { clock, logger: createQuietLogger() },
    { writeDelayMilliseconds: 500 },
    async (path) => {
      if (path === 'broken') throw new Error('no room');
      written.push(path);
    },
  );
  for (const path of ['a', 'broken', 'b']) lists.changed(path);
  await lists.close();
  assert.deepEqual(written, ['a', 'b']);
});
