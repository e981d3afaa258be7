import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../../test/support/test-clock.ts';
import { createRecordBook } from './record-book.ts';
import type { BookAnswer } from './record-book.ts';
import { VERIFICATION_LIMITS } from './verification-limits.ts';

const RECORD: BookAnswer = { kind: 'record', hashes: { mod: 'h1:mod', zip: 'h1:zip' } };

/** A database that answers so many milliseconds after it was asked; never, when undefined. */
function setUp(delays: readonly (number | undefined)[]) {
  const clock = createTestClock();
  let asked = 0;
  const book = createRecordBook(
    {
      clock,
      async ask(_database, _module, { cachedOnly }) {
        if (cachedOnly) return { kind: 'unavailable', problem: 'not here' };
        const delay = delays[asked];
        asked += 1;
        if (delay === undefined) return new Promise<BookAnswer>(() => undefined);
        await clock.sleep(delay);
        return RECORD;
      },
      back: () => undefined,
    },
    { databases: ['sum.test'], limits: VERIFICATION_LIMITS },
  );
  let number = 0;
  async function soon(): Promise<{ readonly kind: string; readonly took: number }> {
    const began = clock.monotonicMilliseconds();
    number += 1;
    const { kind } = await book.soon({ path: `m.test/${number}`, version: 'v1.0.0' });
    return { kind, took: clock.monotonicMilliseconds() - began };
  }
  return { clock, soon, isAnswering: book.isAnswering };
}

test('soon() waits for a slow database as long as it takes to make a record', async () => {
  const { clock, soon } = setUp([14_000]);
  const answer = soon();
  await clock.advance(20_000);
  assert.deepEqual(await answer, { kind: 'record', took: 14_000 });
});

test('soon() waits long for the first silence, not at all for a while, and then shortly', async () => {
  const { clock, soon } = setUp([undefined, undefined, 100, undefined]);
  const first = soon();
  await clock.advance(15_000);
  assert.deepEqual(await first, { kind: 'unavailable', took: 15_000 });
  const meanwhile = soon();
  await clock.advance(1);
  assert.equal((await meanwhile).kind, 'unavailable');
  await clock.advance(10_000);
  const again = soon();
  await clock.advance(2000);
  assert.deepEqual(await again, { kind: 'unavailable', took: 2000 });
  await clock.advance(10_000);
  const back = soon();
  await clock.advance(100);
  assert.deepEqual(await back, { kind: 'record', took: 100 });
  const gone = soon();
  await clock.advance(15_000);
  assert.deepEqual(await gone, { kind: 'unavailable', took: 15_000 });
});

test('isAnswering() is false from a long silence on, until the next answer', async () => {
  const { clock, soon, isAnswering } = setUp([100, undefined, 200]);
  assert.equal(isAnswering(), true);
  const first = soon();
  await clock.advance(100);
  await first;
  await clock.advance(60_000);
  // Nobody asked, so nobody was silent.
  assert.equal(isAnswering(), true);
  const second = soon();
  await clock.advance(2000);
  assert.equal(isAnswering(), true);
  await clock.advance(1500);
  assert.equal(isAnswering(), false);
  await clock.advance(60_000);
  await second;
  assert.equal(isAnswering(), false);
  const third = soon();
  await clock.advance(1000);
  assert.equal((await third).kind, 'record');
  assert.equal(isAnswering(), true);
});
