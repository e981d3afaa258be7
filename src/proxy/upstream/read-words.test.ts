import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../../test/support/test-clock.ts';
import { ProgramError } from '../../platform/index.ts';
import type { HttpResponse } from '../../platform/http/index.ts';
import { readWords } from './read-words.ts';

interface Sent {
  readonly response: HttpResponse;
  readonly state: { pieces: number; isDiscarded: boolean };
}

function send(next: (index: number) => Promise<Buffer | undefined>, type = 'text/plain'): Sent {
  const state = { pieces: 0, isDiscarded: false };
  async function* body(): AsyncGenerator<Buffer> {
    for (;;) {
      const piece = await next(state.pieces);
      state.pieces += 1;
      if (piece === undefined) return;
      yield piece;
    }
  }
  const response: HttpResponse = {
    status: 403,
    headers: { 'content-type': type },
    finalUrl: 'http://a.test/x',
    body: body(),
    encoded: false,
    discard: () => {
      state.isDiscarded = true;
    },
  };
  return { response, state };
}

test('a body that never ends is left after a moment, with what came', async () => {
  const clock = createTestClock();
  const silence = new Promise<never>(() => undefined);
  const { response, state } = send(async (index) =>
    index === 0 ? Buffer.from('blocked\n') : silence,
  );
  const reading = readWords(clock, response, []);
  await clock.advance(200);
  assert.deepEqual(await reading, ['blocked']);
  assert.equal(state.isDiscarded, true);
});

test('of a body without an end no more than a few kilobytes are read', async () => {
  const { response, state } = send(async () => Buffer.alloc(1024, 'x'));
  const [line = ''] = await readWords(createTestClock(), response, []);
  assert.ok(line.endsWith('x…'));
  assert.equal(state.pieces, 8);
  assert.equal(state.isDiscarded, true);
});

test('a body that breaks off still says what came; our own bugs are thrown', async () => {
  const broken = new ProgramError({ code: 'http-body-cut', kind: 'unavailable', message: 'cut' });
  for (const error of [broken, new TypeError('bug')]) {
    const { response, state } = send(async (index) => {
      if (index > 0) throw error;
      return Buffer.from('half a rea');
    });
    const reading = readWords(createTestClock(), response, []);
    await (error === broken
      ? reading.then((words) => assert.deepEqual(words, ['half a rea']))
      : assert.rejects(reading, error));
    assert.equal(state.isDiscarded, true);
  }
});

test('a body that is not made for people is not read at all', async () => {
  const { response, state } = send(async () => Buffer.from('{}'), 'application/json');
  assert.deepEqual(await readWords(createTestClock(), response, []), []);
  assert.deepEqual(state, { pieces: 0, isDiscarded: true });
});
