import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../test/support/test-clock.ts';
import { isProgramError } from '../platform/index.ts';
import { reasonOfError } from './upstream/index.ts';
import { watchBody } from './watch-body.ts';

const SETTINGS = {
  silenceMilliseconds: 5000,
  longestSilenceMilliseconds: 30_000,
  floorBytesPerSecond: 100,
  floorWindowMilliseconds: 60_000,
};

test('a body that falls silent in its middle fails with who was silent, for how long, and its reason', async () => {
  const clock = createTestClock();
  const rest = Promise.withResolvers<void>();
  async function* body(): AsyncGenerator<Buffer> {
    yield Buffer.alloc(1000);
    await rest.promise;
  }
  const upstream = 'https://go.corp.test';
  const source = { upstream, body: body(), discard: rest.resolve };
  async function read(): Promise<unknown> {
    try {
      for await (const piece of watchBody(clock, source, SETTINGS))
        assert.equal(piece.length, 1000);
    } catch (error) {
      return error;
    }
    return undefined;
  }
  const reading = read();
  await clock.advance(6000);
  const error = await reading;
  assert.ok(isProgramError(error));
  assert.equal(error.message, `the body from ${upstream} stalled: nothing came for 5 s`);
  assert.equal(reasonOfError(error), 'body-stalled');
});
