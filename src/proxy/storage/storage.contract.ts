import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Storage } from './storage.ts';

export interface StorageUnderTest {
  /** A second call in one test stands for another program on the same store. */
  make(): Storage;
}

const BASE = 'm.test/!upper/@v';
const HASH = 'ab'.repeat(32);

/** What every adapter of the port Storage must do. */
export function storageContract(
  name: string,
  setUp: (context: TestContext) => Promise<StorageUnderTest>,
): void {
  test(`${name}: gives back what was put, to every program`, async (context) => {
    const { make } = await setUp(context);
    const [here, there] = [make(), make()];
    assert.equal(await here.open(`${BASE}/v1.0.0.mod`), undefined);
    assert.equal(await here.has(`${BASE}/v1.0.0.mod`), false);
    await here.put(`${BASE}/v1.0.0.mod`, Buffer.from('module m.test/Upper\n'));
    assert.equal(await there.has(`${BASE}/v1.0.0.mod`), true);
    assert.equal(await readText(there, `${BASE}/v1.0.0.mod`), 'module m.test/Upper\n');
    await here.close();
    await there.close();
  });

  test(`${name}: putting the same twice leaves one whole artifact`, async (context) => {
    const storage = (await setUp(context)).make();
    const bytes = Buffer.alloc(100_000, 'x');
    await Promise.all([
      storage.put(`${BASE}/v1.0.0.zip`, bytes),
      storage.put(`${BASE}/v1.0.0.zip`, bytes),
    ]);
    assert.equal(await readText(storage, `${BASE}/v1.0.0.zip`), bytes.toString());
    await storage.close();
  });

  test(`${name}: a draft is read while it grows and is an artifact only once committed`, async (context) => {
    const storage = (await setUp(context)).make();
    const key = `${BASE}/v1.0.0.zip`;
    const draft = await storage.begin();
    await draft.file.write(Buffer.from('one '));
    const buffer = Buffer.alloc(10);
    assert.equal(await draft.file.read(buffer, 2), 2);
    assert.equal(buffer.toString('latin1', 0, 2), 'e ');
    assert.equal(await storage.has(key), false);
    await draft.file.write(Buffer.from('two'));
    await draft.commit(key, undefined);
    assert.equal(await draft.file.read(buffer, 4), 3);
    await draft.release();
    await draft.release();
    assert.equal(await readText(storage, key), 'one two');
    await storage.close();
  });

  test(`${name}: a draft that is released without a commit leaves nothing`, async (context) => {
    const storage = (await setUp(context)).make();
    const draft = await storage.begin();
    await draft.file.write(Buffer.from('half'));
    await draft.release();
    assert.deepEqual(await storage.completeVersions('m.test/!upper'), []);
    await storage.close();
  });

  test(`${name}: remembers the hash of a large artifact`, async (context) => {
    const { make } = await setUp(context);
    const storage = make();
    const key = `${BASE}/v1.0.0.zip`;
    const draft = await storage.begin();
    await draft.file.write(Buffer.alloc(2_000_000));
    await draft.commit(key, HASH);
    await draft.release();
    const stored = await make().open(key);
    assert.deepEqual([stored?.size, stored?.sha256], [2_000_000, HASH]);
    assert.ok(stored !== undefined && stored.modifiedMilliseconds > 0);
    await stored.close();
    await storage.close();
  });

  test(`${name}: names only versions of which all three files are there`, async (context) => {
    const storage = (await setUp(context)).make();
    for (const file of ['v1.0.0.info', 'v1.0.0.mod', 'v1.1.0.info', 'v1.1.0.mod', 'v1.1.0.zip']) {
      await storage.put(`${BASE}/${file}`, Buffer.from('x'));
    }
    for (const extension of ['info', 'mod', 'zip']) {
      await storage.put(`${BASE}/v2.0.0-!r!c1.${extension}`, Buffer.from('x'));
    }
    const versions = await storage.completeVersions('m.test/!upper');
    assert.deepEqual([...versions].toSorted(), ['v1.1.0', 'v2.0.0-RC1']);
    assert.deepEqual(await storage.completeVersions('m.test/none'), []);
    await storage.close();
  });
}

async function readText(storage: Storage, key: string): Promise<string> {
  const stored = await storage.open(key);
  assert.ok(stored, `${key} is there`);
  try {
    const buffer = Buffer.alloc(stored.size);
    let position = 0;
    while (position < buffer.length) {
      const count = await stored.read(buffer.subarray(position), position);
      assert.ok(count > 0);
      position += count;
    }
    assert.equal(await stored.read(Buffer.alloc(1), stored.size), 0);
    return buffer.toString();
  } finally {
    await stored.close();
  }
}
