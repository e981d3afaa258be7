import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { createTestClock } from '../../test/support/test-clock.ts';
import { createDiskFiles, createQuietLogger, createSystemRandom } from '../platform/adapters.ts';
import { createGrowingBody } from './growing-body.ts';
import type { GrowingBodyWriter } from './growing-body.ts';
import { createDiskStorage } from './storage/index.ts';
import { failed } from './upstream/index.ts';

const HELD_BACK = 64 * 1024;

async function begin(context: TestContext): Promise<{ body: GrowingBodyWriter; scratch: string }> {
  const folder = await temporaryFolder(context);
  const scratch = join(folder, 'scratch');
  const storage = createDiskStorage(
    {
      files: createDiskFiles(),
      clock: createTestClock(),
      logger: createQuietLogger(),
      random: createSystemRandom(),
      recall: async () => undefined,
      damaged: () => undefined,
    },
    {
      tree: join(folder, 'modules'),
      blocks: join(folder, 'blocks'),
      quarantine: join(folder, 'quarantine'),
      scratch,
    },
  );
  const draft = await storage.begin();
  const facts = { length: 200_000, lastModified: undefined };
  const shelter = {
    async replace(_draft: unknown, _had: unknown, reason: unknown): Promise<never> {
      throw reason;
    },
  };
  return { body: createGrowingBody(draft, facts, shelter), scratch };
}

test('createGrowingBody() holds the end back until the whole is known to be good', async (context) => {
  const { body, scratch } = await begin(context);
  assert.deepEqual([body.state, body.released, body.length], ['running', 0, 200_000]);
  await body.write(Buffer.alloc(HELD_BACK));
  assert.equal(body.released, 0);
  await body.write(Buffer.alloc(100, 'x'));
  assert.equal(body.released, 100);
  body.finish();
  assert.deepEqual(
    [body.state, body.released, body.size],
    ['good', HELD_BACK + 100, HELD_BACK + 100],
  );
  const buffer = Buffer.alloc(1000);
  assert.equal(await body.read(buffer, HELD_BACK), 100);
  assert.equal(buffer.toString('latin1', 0, 100), 'x'.repeat(100));
  await body.release();
  assert.deepEqual(await readdir(scratch), []);
});

test('createGrowingBody() wakes followers when there is more, and at the end', async (context) => {
  const { body } = await begin(context);
  let woken = 0;
  const first = body.more(0).then(() => (woken += 1));
  const later = body.more(50).then(() => (woken += 1));
  await body.write(Buffer.alloc(HELD_BACK + 1));
  await first;
  assert.equal(woken, 1);
  body.finish();
  await later;
  assert.equal(woken, 2);
  await body.release();
});

test('createGrowingBody() releases nothing of a body that turned out wrong', async (context) => {
  const { body } = await begin(context);
  await body.write(Buffer.alloc(HELD_BACK * 2));
  const waiting = body.more(HELD_BACK * 2);
  const failure = failed('https://a.test', {
    kind: 'invalid',
    reason: 'zip-malformed',
    message: 'https://a.test sent a bad zip',
  });
  body.fail([failure]);
  await waiting;
  assert.deepEqual([body.state, body.released, body.failures], ['bad', 0, [failure]]);
  await body.release();
});

test('createGrowingBody() closes its file when the last one lets go, and not before', async (context) => {
  const { body, scratch } = await begin(context);
  await body.write(Buffer.from('x'));
  assert.equal(body.hold(), true);
  await body.release();
  assert.equal((await readdir(scratch)).length, 1);
  assert.equal(await body.read(Buffer.alloc(1), 0), 1);
  await body.release();
  assert.deepEqual(await readdir(scratch), []);
  assert.equal(body.hold(), false);
});
