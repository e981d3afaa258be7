import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { clockContract } from './clock.contract.ts';
import { createSystemClock } from './system-clock.ts';

clockContract('createSystemClock()', () => ({
  clock: createSystemClock(),
  pass: async (milliseconds) => {
    await wait(milliseconds + 1);
  },
}));

test('createSystemClock() lets the process end while after() and deadline() are pending, but not while it sleeps', () => {
  const module = JSON.stringify(new URL('./system-clock.ts', import.meta.url).href);
  const script = `
    const { createSystemClock } = await import(${module});
    const clock = createSystemClock();
    clock.after(60_000, () => console.log('after'));
    clock.deadline(60_000);
    await clock.sleep(5);
    console.log('slept');`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  assert.equal(run.stdout, 'slept\n');
  assert.equal(run.status, 0);
});
