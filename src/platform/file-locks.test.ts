import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { createDiskFiles } from './disk-files.ts';
import { createFileLocks } from './file-locks.ts';
import { locksContract } from './locks.contract.ts';

locksContract('createFileLocks()', async (context) => ({
  folder: await temporaryFolder(context),
  make: () => createFileLocks({ files: createDiskFiles() }),
}));

test('a file lock of another process holds until that process is killed', async (context) => {
  const path = join(await temporaryFolder(context), 'lock');
  const door = JSON.stringify(new URL('./adapters.ts', import.meta.url).href);
  const script = `
    const { createDiskFiles, createFileLocks } = await import(${door});
    const lock = await createFileLocks({ files: createDiskFiles() }).tryExclusive(${JSON.stringify(path)});
    console.log(lock === undefined ? 'refused' : 'held');
    setInterval(() => lock, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  context.after(() => child.kill('SIGKILL'));
  const [output] = (await once(child.stdout, 'data')) as [Buffer];
  assert.equal(output.toString(), 'held\n');
  const locks = createFileLocks({ files: createDiskFiles() });
  assert.equal(await locks.tryExclusive(path), undefined);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const lock = await locks.tryExclusive(path);
  assert.ok(lock);
  await lock.release();
});

test('createFileLocks() says which file it cannot lock', async (context) => {
  const path = join(await temporaryFolder(context), 'lock');
  writeFileSync(path, 'not ours '.repeat(1000));
  await assert.rejects(
    createFileLocks({ files: createDiskFiles() }).tryExclusive(path),
    /cannot lock/,
  );
});
