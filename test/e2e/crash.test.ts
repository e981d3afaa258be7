import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killDuringFills } from '../crash/kill-during-fills.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('a server killed in the middle of twenty fills leaves each artifact whole or absent', async (context) => {
  const store = await temporaryFolder(context);
  const { runs, stored, servedWhole, ...faults } = await killDuringFills(store, 4, () => undefined);
  assert.equal(runs, 4);
  assert.ok(stored > 0 && servedWhole > 0, 'the kills came too early to show anything');
  assert.deepEqual(faults, {
    corruptStored: 0,
    corruptServed: 0,
    wrongAfterRestart: 0,
    leftInScratch: 0,
  });
});
