import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../test/support/test-clock.ts';
import type { TestClock } from '../../test/support/test-clock.ts';
import { createAnswerMemory } from './answer-memory.ts';
import type { AnswerMemory } from './answer-memory.ts';
import type { KnownAnswer } from './facts/index.ts';

const DAY = 24 * 60 * 60 * 1000;
const ANSWER = { status: 200, contentType: 'text/plain', body: Buffer.from('v1.0.0\n') } as const;

/** Facts that live in memory are what one process needs of them. */
function setUp(): {
  memory: AnswerMemory;
  clock: TestClock;
  restart: (sources?: string) => AnswerMemory;
} {
  const clock = createTestClock();
  const known = new Map<string, KnownAnswer>();
  const facts = {
    artifactStored: () => undefined,
    answerKnown: (key: string, answer: KnownAnswer) => void known.set(key, answer),
    absencesForgotten: (path: string) => {
      for (const [key, { status }] of known) {
        if (status !== 200 && key.startsWith(`${path}/`)) known.delete(key);
      }
    },
    recallAnswer: async (key: string) => known.get(key),
    close: async () => undefined,
  };
  const restart = (sources?: string): AnswerMemory =>
    createAnswerMemory({ clock, facts }, { sources });
  return { memory: restart('one'), clock, restart };
}

test('createAnswerMemory() keeps an answer fresh for a minute and stale for seven days', async () => {
  const { memory, clock } = setUp();
  assert.equal(memory.fresh('a'), undefined);
  assert.equal(await memory.stale('a'), undefined);
  const known = memory.remember('a', ANSWER);
  assert.equal(known.fetchedMilliseconds, clock.epochMilliseconds());
  await clock.advance(59_999);
  assert.equal(memory.fresh('a'), known);
  await clock.advance(1);
  assert.equal(memory.fresh('a'), undefined);
  assert.equal(await memory.stale('a'), known);
  await clock.advance(7 * DAY - 60_001);
  assert.equal(await memory.stale('a'), known);
  await clock.advance(1);
  assert.equal(await memory.stale('a'), undefined);
});

test('createAnswerMemory() finds stale answers again after a restart, not fresh ones', async () => {
  const { memory, restart } = setUp();
  const known = memory.remember('a', ANSWER);
  const next = restart();
  assert.equal(next.fresh('a'), undefined);
  assert.deepEqual(await next.stale('a'), known);
});

test('createAnswerMemory() holds off for five seconds, or until an answer comes', async () => {
  const { memory, clock } = setUp();
  assert.equal(memory.isHeldOff('a'), false);
  memory.holdOff('a');
  await clock.advance(4999);
  assert.equal(memory.isHeldOff('a'), true);
  await clock.advance(1);
  assert.equal(memory.isHeldOff('a'), false);
  memory.holdOff('a');
  memory.remember('a', ANSWER);
  assert.equal(memory.isHeldOff('a'), false);
});

test('createAnswerMemory() drops the oldest answers above its size', () => {
  const { memory } = setUp();
  const body = Buffer.alloc(16 * 1024 * 1024);
  for (const key of ['a', 'b', 'c', 'd', 'e']) memory.remember(key, { ...ANSWER, body });
  assert.equal(memory.fresh('a'), undefined);
  assert.ok(memory.fresh('b') !== undefined && memory.fresh('e') !== undefined);
  for (let index = 0; index < 20_000; index += 1) memory.remember(`n${index}`, ANSWER);
  assert.equal(memory.fresh('e'), undefined);
  assert.ok(memory.fresh('n0') !== undefined && memory.fresh('n19999') !== undefined);
});

test('createAnswerMemory() forgets what is below a path, and absences for good', async () => {
  const { memory, clock } = setUp();
  memory.remember('a.test/m/@v/list', ANSWER);
  memory.remember('a.test/m/sub/@v/list', { ...ANSWER, status: 404 });
  memory.remember('a.test/mother/@v/list', ANSWER);
  const asked = clock.epochMilliseconds();
  await clock.advance(10);
  assert.equal(memory.forget('a.test/m'), 2);
  assert.equal(memory.fresh('a.test/m/@v/list'), undefined);
  assert.equal((await memory.stale('a.test/m/@v/list'))?.status, 200);
  assert.equal(await memory.stale('a.test/m/sub/@v/list'), undefined);
  assert.ok(memory.fresh('a.test/mother/@v/list') !== undefined);
  memory.remember('a.test/m/@v/list', ANSWER, asked);
  assert.equal(memory.fresh('a.test/m/@v/list'), undefined, 'it was asked before the push');
  memory.remember('a.test/m/@v/list', ANSWER, clock.epochMilliseconds() + 1);
  assert.ok(memory.fresh('a.test/m/@v/list') !== undefined);
});

test('createAnswerMemory() keeps an absence from those who ask other upstreams, but not a list', async () => {
  const { memory, restart } = setUp();
  memory.remember('absent', { ...ANSWER, status: 404 });
  memory.remember('list', ANSWER);
  assert.equal(await restart('two').stale('absent'), undefined);
  assert.equal((await restart('one').stale('absent'))?.status, 404);
  // Offline nobody is asked, so nobody is contradicted.
  assert.equal((await restart().stale('absent'))?.status, 404);
  assert.equal((await restart('two').stale('list'))?.status, 200);
});
