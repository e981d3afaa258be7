import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../../test/support/test-clock.ts';
import { startHeartbeat } from './heartbeat.ts';

test('a silent command is said to be running, each interval once, and no longer when it ended', async () => {
  const clock = createTestClock();
  const said: string[] = [];
  const settings = { intervalMilliseconds: 30_000, seesAll: true };
  const say = (text: string): number => said.push(text);
  const heartbeat = startHeartbeat({ clock, say, news: () => '3 modules' }, settings);
  await clock.advance(29_000);
  assert.deepEqual(said, []);
  await clock.advance(62_000);
  heartbeat.stop();
  await clock.advance(100_000);
  assert.deepEqual(said, [
    'still running after 30 s, nothing written for 30 s; 3 modules',
    'still running after 1 min 0 s, nothing written for 1 min 0 s; 3 modules',
    'still running after 1 min 30 s, nothing written for 1 min 30 s; 3 modules',
  ]);
  assert.equal(clock.pending(), 0);
});

test('whoever speaks is left alone', async () => {
  const clock = createTestClock();
  const said: string[] = [];
  const settings = { intervalMilliseconds: 30_000, seesAll: true };
  const say = (text: string): number => said.push(text);
  const heartbeat = startHeartbeat({ clock, say, news: () => '' }, settings);
  for (let step = 0; step < 20; step += 1) {
    await clock.advance(10_000);
    heartbeat.heard();
  }
  assert.deepEqual(said, []);
  await clock.advance(30_000);
  assert.deepEqual(said, ['still running after 3 min 50 s, nothing written for 30 s']);
  heartbeat.stop();
});

test('of one whose output is not seen no silence is told', async () => {
  const clock = createTestClock();
  const said: string[] = [];
  const settings = { intervalMilliseconds: 1000, seesAll: false };
  const say = (text: string): number => said.push(text);
  const heartbeat = startHeartbeat({ clock, say, news: () => '' }, settings);
  await clock.advance(1000);
  heartbeat.stop();
  assert.deepEqual(said, ['still running after 1 s']);
});
