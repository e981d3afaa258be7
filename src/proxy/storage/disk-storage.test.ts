import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { createTestClock } from '../../../test/support/test-clock.ts';
import { createDiskFiles, createQuietLogger, createSystemRandom } from '../../platform/adapters.ts';
import { createDiskStorage } from './disk-storage.ts';
import type { Damage } from './quarantine.ts';
import { storageContract } from './storage.contract.ts';
import type { Storage } from './storage.ts';

interface Opened extends Storage {
  /** What was found damaged so far. */
  readonly damage: Damage[];
}

function open(folder: string, known?: string): Opened {
  const damage: Damage[] = [];
  const storage = createDiskStorage(
    {
      files: createDiskFiles(),
      clock: createTestClock(),
      logger: createQuietLogger(),
      random: createSystemRandom(),
      recall: async () => known,
      damaged: (found) => damage.push(found),
    },
    {
      tree: join(folder, 'modules'),
      blocks: join(folder, 'blocks'),
      quarantine: join(folder, 'quarantine'),
      scratch: join(folder, 'scratch'),
    },
  );
  return { ...storage, damage };
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

/** Changes one bit and keeps size and modification time, as a failing disk does. */
async function flipBit(file: string, position: number): Promise<void> {
  const { atime, mtime } = await stat(file);
  const bytes = await readFile(file);
  bytes[position] = (bytes[position] ?? 0) ^ 1;
  await writeFile(file, bytes);
  await utimes(file, atime, mtime);
}

test('createDiskStorage() gives out no damaged artifact and takes it out of the tree', async (context) => {
  const folder = await temporaryFolder(context);
  const storage = open(folder);
  const key = 'm.test/x/@v/v1.0.0.mod';
  await storage.put(key, Buffer.from('module m.test/x\n'));
  await flipBit(join(folder, 'modules', key), 3);
  assert.equal(await storage.read(key, 1000), 'absent');
  const [damage] = storage.damage;
  assert.deepEqual([damage?.key, storage.damage.length], [key, 1]);
  assert.match(damage?.problem ?? '', /64 KiB from 0 on/u);
  assert.equal(await readFile(damage?.keptAt ?? '', 'utf8'), 'modtle m.test/x\n');
  await storage.put(key, Buffer.from('module m.test/x\n'));
  assert.notEqual(await storage.read(key, 1000), 'absent');
  await storage.close();
});

test('createDiskStorage() checks each block of a large artifact before it gives it out', async (context) => {
  const folder = await temporaryFolder(context);
  const storage = open(folder);
  const key = 'm.test/x/@v/v1.0.0.zip';
  const large = Buffer.alloc(1_000_003, 'abcdefg');
  await storage.put(key, large);
  await flipBit(join(folder, 'modules', key), 700_000);
  const stored = await storage.open(key);
  assert.ok(stored);
  const buffer = Buffer.alloc(100_000);
  assert.equal(await stored.read(buffer, 77), 100_000);
  assert.ok(buffer.equals(large.subarray(77, 100_077)));
  assert.equal(await stored.read(buffer, 999_999), 4);
  assert.equal(buffer.toString('latin1', 0, 4), large.toString('latin1', 999_999));
  await assert.rejects(stored.read(buffer.subarray(0, 1), 655_360), { code: 'artifact-damaged' });
  await stored.close();
  assert.equal(await storage.open(key), undefined);
  assert.equal(storage.damage.length, 1);
  await storage.close();
});

test('createDiskStorage() does not take away what was repaired while somebody read the damage', async (context) => {
  const folder = await temporaryFolder(context);
  const storage = open(folder);
  const key = 'm.test/x/@v/v1.0.0.zip';
  await storage.put(key, Buffer.alloc(200_000));
  await flipBit(join(folder, 'modules', key), 150_000);
  const [first, second] = [await storage.open(key), await storage.open(key)];
  const buffer = Buffer.alloc(200_000);
  await assert.rejects(async () => first?.read(buffer, 0), { code: 'artifact-damaged' });
  await storage.put(key, Buffer.alloc(200_000));
  await assert.rejects(async () => second?.read(buffer, 0), { code: 'artifact-damaged' });
  assert.equal(await storage.has(key), true);
  await first?.close();
  await second?.close();
  await storage.close();
});

test('createDiskStorage() adopts what has no sums yet, unless something else was first seen', async (context) => {
  const folder = await temporaryFolder(context);
  const key = 'm.test/x/@v/v1.0.0.zip';
  const file = join(folder, 'modules', key);
  const old = Buffer.alloc(70_000, 'old');
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, old);
  const storage = open(folder);
  for (let time = 0; time < 2; time += 1) {
    const stored = await storage.open(key);
    const sha256 = createHash('sha256').update(old).digest('hex');
    assert.deepEqual([stored?.size, stored?.sha256], [70_000, sha256]);
    await stored?.close();
  }
  await flipBit(file, 69_999);
  assert.equal(await storage.read(key, 100_000), 'absent');
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, old);
  await rm(join(folder, 'blocks'), { recursive: true });
  const strict = open(folder, 'ab'.repeat(32));
  assert.equal(await strict.open(key), undefined);
  assert.match(strict.damage[0]?.problem ?? '', /first seen/u);
  await storage.close();
  await strict.close();
});

test('createDiskStorage() accuses nobody when only the record of the sums is damaged', async (context) => {
  const folder = await temporaryFolder(context);
  const storage = open(folder);
  const key = 'm.test/x/@v/v1.0.0.mod';
  await storage.put(key, Buffer.from('module m.test/x\n'));
  const record = join(folder, 'blocks/m.test/x/@v/v1.0.0.sums');
  const { size } = await stat(record);
  for (let position = 0; position < size; position += 1) {
    await flipBit(record, position);
    assert.notEqual(await storage.read(key, 1000), 'absent', `byte ${position}`);
  }
  assert.deepEqual(storage.damage, []);
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
