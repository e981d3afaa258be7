import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../test/support/test-clock.ts';
import { createDiskFiles, createQuietLogger } from '../platform/adapters.ts';
import { createMemoryDraft } from './storage/index.ts';
import { createShelter } from './shelter.ts';

const SETTINGS = {
  scratch: '/',
  scratchBytes: 1_000_000,
  freeBytes: 1000,
  writeMilliseconds: 10_000,
  pauseMilliseconds: 5000,
  memoryBytes: 1_000_000,
  memoryWaitMilliseconds: 1000,
};

test('a disk that was full is tried again after the pause, however often it is asked meanwhile', async () => {
  const clock = createTestClock();
  let free = 0;
  const files = { ...createDiskFiles(), freeBytes: async () => free };
  const shelter = createShelter({ clock, files, logger: createQuietLogger() }, SETTINGS);
  let onDisk = 0;
  async function ask(): Promise<void> {
    const draft = await shelter.begin(async () => {
      onDisk += 1;
      return createMemoryDraft(
        { more: async () => undefined, giveBack: () => undefined },
        undefined,
      );
    }, 100);
    await draft.release();
  }
  await ask();
  free = 1_000_000;
  for (let second = 0; second < 5; second += 1) {
    await ask();
    assert.equal(onDisk, 0);
    await clock.advance(1000);
  }
  await ask();
  assert.equal(onDisk, 1);
});
