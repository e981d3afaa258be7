import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flipStore } from './flip-store.ts';

/** Three artifacts each. */
const MODULES = 340;

test('of 1,000 flipped artifacts none is served, and all are repaired or quarantined', async (context) => {
  const figures = await flipStore(context, MODULES);
  context.diagnostic(JSON.stringify(figures));
  assert.deepEqual(figures.unexpected, []);
  assert.equal(figures.wrong, 0);
  assert.equal(figures.repaired, MODULES * 3);
});
