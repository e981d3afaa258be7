import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNearestNeighbour, lastErrorLine, twoRules } from './baselines.ts';

test('the last line that sounds like an error is the last one', () => {
  assert.deepEqual(lastErrorLine('error: one\nfine\r\nbuild failed\nbye\n').evidence, [
    'build failed',
  ]);
  assert.deepEqual(lastErrorLine('all well\n').evidence, []);
});

test('two rules call weather transient and all else permanent', () => {
  assert.equal(twoRules('read: connection reset by peer').retry, 'transient');
  assert.equal(twoRules('go.mod:3: unknown directive: x').retry, 'permanent');
});

test('the nearest neighbour is the example that shares the rare words', () => {
  const examples = [
    { id: 'a', log: 'go: lookup host: no such host' },
    { id: 'b', log: 'go: verifying module: checksum mismatch' },
    { id: 'c', log: 'go: no space left on device' },
  ].map(({ id, log }) => ({ name: id, truth: { id, evidence: [] }, log }));
  const nearest = createNearestNeighbour(examples, (id) => `verdict of ${id}`);
  assert.deepEqual(nearest('go: x: checksum mismatch'), {
    id: 'b',
    evidence: [],
    retry: 'verdict of b',
  });
});
