import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scenario } from './scenario.ts';
import { splitOf } from './split.ts';

const scenarios = ['a', 'a', 'b', 'a'].map((id, index): Scenario => ({
  id,
  name: String(index),
  plant: () => ({ command: '', evidence: /x/u }),
}));

test('even seeds are held out, and every second scenario of an id is held out whole', () => {
  const splits = (seed: string): string[] =>
    scenarios.map((_, index) => splitOf(scenarios, index, seed));
  assert.deepEqual(splits('1'), ['train', 'none', 'train', 'train']);
  assert.deepEqual(splits('2'), ['held-out', 'held-out', 'held-out', 'held-out']);
});
