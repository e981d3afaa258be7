import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLatencySamples } from './latency-samples.ts';

test('a quantile is unknown before there are ten samples, and follows the last ones', () => {
  const samples = createLatencySamples(20);
  for (let value = 1; value <= 9; value += 1) samples.add(value);
  assert.equal(samples.quantile(0.5), undefined);
  for (let value = 10; value <= 20; value += 1) samples.add(value);
  assert.equal(samples.quantile(0.5), 11);
  assert.equal(samples.quantile(0.95), 20);
  for (let more = 0; more < 20; more += 1) samples.add(100);
  assert.equal(samples.quantile(0.05), 100);
});
