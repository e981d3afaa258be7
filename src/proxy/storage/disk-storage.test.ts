import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { createTestClock } from '../../../test/support/test-clock.ts';
import { createDiskFiles, createQuietLogger, createSystemRandom } from '../../platform/adapters.ts';
import { createDiskStorage } from './disk-storage.ts';
import { storageContract } from './storage.contract.ts';
import type { Storage } from './storage.ts';

function open(folder: string): Storage {
  return createDiskStorage(
    {
      files: createDiskFiles(),
      clock: createTestClock(),
      logger: createQuietLogger(),
      random: createSystemRandom(),
    },
    {
      tree: join(folder, 'modules'),
      hashes: join(folder, 'hashes'),
      scratch: join(folder, 'scratch'),
    },
  );
}

storageContract('createDiskStorage()', async (context) => {
  const folder = await temporaryFolder(context);
  return { make: () => open(folder) };
});

test('createDiskStorage() keeps a tree that GOPROXY=file:// can read, list included', async (context) => {
  const folder = await temporaryFolder(context);
  const storage = open(folder);
  const versions = ['v1.0.0', 'v1.1.0-0.20260101000000-0123456789ab'];
  for (const version of versions) {
    for (const extension of ['info', 'mod', 'zip']) {
      await storage.put(`m.test/x/@v/${version}.${extension}`, Buffer.from(extension));
    }
  }
  await storage.put('sumdb/sum.test/lookup/m.test/x@v1.0.0', Buffer.from('lookup'));
  await storage.close();
  const tree = join(folder, 'modules');
  assert.equal(await readFile(join(tree, 'm.test/x/@v/list'), 'utf8'), 'v1.0.0\n');
  assert.equal(await readFile(join(tree, 'm.test/x/@v/v1.0.0.zip'), 'utf8'), 'zip');
  assert.deepEqual((await readdir(tree)).toSorted(), ['m.test', 'sumdb']);
});

test('createDiskStorage() leaves no scratch file behind', async (context) => {
  const folder = await temporaryFolder(context);
  const storage = open(folder);
  const draft = await storage.begin();
  await draft.file.write(Buffer.from('half'));
  assert.equal((await readdir(join(folder, 'scratch'))).length, 1);
  await draft.release();
  await storage.put('m.test/x/@v/v1.0.0.mod', Buffer.from('x'));
  await storage.close();
  assert.deepEqual(await readdir(join(folder, 'scratch')), []);
});

test('createDiskStorage() believes no recorded hash that is not of this file', async (context) => {
  const folder = await temporaryFolder(context);
  const storage = open(folder);
  const key = 'm.test/x/@v/v1.0.0.zip';
  const large = Buffer.alloc(2_000_000);
  const record = join(folder, 'hashes', `${key}.json`);
  await storage.put(key, large);
  await mkdir(join(record, '..'), { recursive: true });
  for (const text of [
    `{"size":1999999,"sha256":"${'ab'.repeat(32)}"}\n`,
    `{"size":2000000,"sha256":"short"}\n`,
    '',
    'x'.repeat(500),
  ]) {
    await writeFile(record, text);
    const stored = await storage.open(key);
    assert.equal(stored?.sha256, undefined, text.slice(0, 40));
    await stored?.close();
  }
  await storage.close();
});

test('createDiskStorage() takes a directory for no artifact', async (context) => {
  const folder = await temporaryFolder(context);
  const storage = open(folder);
  await mkdir(join(folder, 'modules/m.test/x/@v/v1.0.0.zip'), { recursive: true });
  assert.equal(await storage.open('m.test/x/@v/v1.0.0.zip'), undefined);
  assert.equal(await storage.has('m.test/x/@v/v1.0.0.zip'), false);
  await storage.close();
});

test('createDiskStorage() writes the lists that a process which died left out', async (context) => {
  const folder = await temporaryFolder(context);
  const dying = open(folder);
  for (const extension of ['info', 'mod', 'zip']) {
    await dying.put(`m.test/deep/x/@v/v1.0.0.${extension}`, Buffer.from(extension));
  }
  const list = join(folder, 'modules/m.test/deep/x/@v/list');
  await assert.rejects(readFile(list), { code: 'ENOENT' });
  const next = open(folder);
  await next.repairLists();
  await next.close();
  assert.equal(await readFile(list, 'utf8'), 'v1.0.0\n');
});
