import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../../test/support/test-clock.ts';
import type { HttpResponse } from '../../platform/http/index.ts';
import { createOpenRequests } from './open-requests.ts';

const URL_OF = 'https://a.example/x/@v/v1.0.0.zip';

function response(
  pieces: readonly string[],
  discarded: () => void = () => undefined,
): HttpResponse {
  async function* body(): AsyncGenerator<Buffer, void, undefined> {
    for (const piece of pieces) yield Buffer.from(piece);
  }
  const finalUrl = URL_OF;
  return { status: 200, headers: {}, finalUrl, body: body(), encoded: false, discard: discarded };
}

test('what was asked and is silent is listed without secrets, with the time of its silence', async () => {
  const clock = createTestClock();
  const open = createOpenRequests(clock);
  open.begin('https://me:word@a.example/x/@v/v1.0.0.zip?token=1');
  await clock.advance(3000);
  assert.deepEqual(open.list(), [{ url: URL_OF, silentMilliseconds: 3000 }]);
});

test('headers and what comes of the body end the silence, and the end of the body the wait', async () => {
  const clock = createTestClock();
  const open = createOpenRequests(clock);
  const handle = open.begin(URL_OF);
  await clock.advance(1000);
  const answered = handle.answered(response(['a'.repeat(4096), 'b'.repeat(5000)]));
  assert.equal(open.list()[0]?.silentMilliseconds, 0);
  for await (const _ of answered.body) {
    assert.equal(open.list()[0]?.silentMilliseconds, 0);
    await clock.advance(700);
    assert.equal(open.list()[0]?.silentMilliseconds, 700);
  }
  assert.deepEqual(open.list(), []);
});

test('tries of one URL that follow each other are one wait, and what is given up is forgotten', async () => {
  const clock = createTestClock();
  const open = createOpenRequests(clock);
  const first = open.begin(URL_OF);
  await clock.advance(10_000);
  first.failed();
  await clock.advance(2000);
  const second = open.begin(URL_OF);
  await clock.advance(1000);
  assert.equal(open.list()[0]?.silentMilliseconds, 13_000);
  second.failed();
  await clock.advance(5001);
  assert.deepEqual(open.list(), []);
});

test('bytes in drops are silence, also over several tries of one URL', async () => {
  const clock = createTestClock();
  const open = createOpenRequests(clock);
  await clock.advance(1000);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const answered = open.begin(URL_OF).answered(response(['a'.repeat(100), 'never read']));
    for await (const _ of answered.body) {
      await clock.advance(5000);
      break;
    }
    answered.discard();
    await clock.advance(1000);
  }
  assert.deepEqual(open.list(), [{ url: URL_OF, silentMilliseconds: 18_000 }]);
});

test('an answer that is dropped, or left in the middle, is waited for no longer', async () => {
  const clock = createTestClock();
  const open = createOpenRequests(clock);
  let discarded = 0;
  open
    .begin(URL_OF)
    .answered(response(['a'], () => (discarded += 1)))
    .discard();
  assert.equal(discarded, 1);
  assert.deepEqual(open.list(), []);
  const left = open.begin(URL_OF).answered(response(['a', 'b']));
  for await (const _ of left.body) break;
  await clock.advance(5001);
  assert.deepEqual(open.list(), []);
});
