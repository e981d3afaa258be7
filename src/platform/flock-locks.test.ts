import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { createFlockLocks } from './flock-locks.ts';
import { locksContract } from './locks.contract.ts';

locksContract('createFlockLocks()', async (context) => ({
  folder: await temporaryFolder(context),
  make: () => createFlockLocks(),
}));

test('a lock of createFlockLocks() is one that flock(2) sees, as the go command does', async (context) => {
  const path = join(await temporaryFolder(context), 'lock');
  const lock = await createFlockLocks().tryExclusive(path);
  assert.ok(lock);
  const refused = spawn('flock', ['-n', path, 'true'], { stdio: 'ignore' });
  assert.deepEqual(await once(refused, 'close'), [1, null]);
  await lock.release();
  const taken = spawn('flock', ['-n', path, 'true'], { stdio: 'ignore' });
  assert.deepEqual(await once(taken, 'close'), [0, null]);
});
