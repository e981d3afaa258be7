import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { groupRuns, signalGroup } from './process-group.ts';

test('a group of which all have ended runs no longer, though nobody has waited for them', async (context) => {
  if (process.platform !== 'linux') return context.skip('there is no process table to read');
  const child = spawn('true', { detached: true, stdio: 'ignore' });
  const exited = once(child, 'exit');
  const leader = child.pid ?? 0;
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  // While nothing else runs here, nobody learns of its end.
  for (let looks = 0; looks < 500; looks += 1) {
    if (readFileSync(`/proc/${leader}/stat`, 'latin1').includes(') Z ')) break;
    Atomics.wait(sleeper, 0, 0, 20);
  }
  assert.equal(signalGroup(leader, 0), true);
  assert.equal(groupRuns(leader), false);
  await exited;
  assert.equal(signalGroup(leader, 0), false);
});

test('a group runs while one of it runs', async () => {
  const child = spawn('sleep', ['30'], { detached: true, stdio: 'ignore' });
  await once(child, 'spawn');
  assert.equal(groupRuns(child.pid ?? 0), true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(groupRuns(child.pid ?? 0), false);
});
