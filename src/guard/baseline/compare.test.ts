import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareRun } from './compare.ts';
import type { ComparedRun } from './compare.ts';
import type { GoodRun } from './good-run.ts';

function good(download: number, more: Partial<GoodRun> = {}): GoodRun {
  return {
    time: 0,
    key: 'job',
    isCold: true,
    modulesDigest: 'sum',
    stages: { download, command: 100_000 },
    bytes: 1000,
    modules: 40,
    progress: [
      [1, 10],
      [5, 30],
      [10, 40],
    ],
    inputs: { GOVERSION: 'go1.26.8', 'go.sum': 'a' },
    ...more,
  };
}

function run(more: Partial<ComparedRun> = {}): ComparedRun {
  const { time: _, ...rest } = good(20_000);
  return { ...rest, cutOff: undefined, ...more };
}

test('two good runs are no baseline', () => {
  const comparison = compareRun(run(), [good(1), good(2)]);
  assert.deepEqual(comparison, { kind: 'no-baseline', runs: 2, needed: 3 });
});

test('stages are compared with the median of the newest ten, and the spread is shown', () => {
  const times = [10, 30, 20, 18, 22, 20, 20, 20, 20, 20, 999].map((seconds) =>
    good(seconds * 1000),
  );
  const comparison = compareRun(run({ stages: { download: 31_000 } }), times);
  assert.ok(comparison.kind === 'compared');
  assert.equal(comparison.runs, 10);
  assert.deepEqual(comparison.stages, [
    {
      name: 'download',
      milliseconds: 31_000,
      medianMilliseconds: 20_000,
      leastMilliseconds: 10_000,
      mostMilliseconds: 30_000,
      ratio: 1.55,
      scale: 'time',
    },
  ]);
});

test('a warm module cache and another job are other work', () => {
  const others = [good(1, { isCold: false }), good(1, { key: 'other' })];
  const comparison = compareRun(run(), [...others, ...others, ...others]);
  assert.equal(comparison.kind, 'no-baseline');
  assert.equal(comparison.kind === 'no-baseline' && comparison.runs, 0);
});

test('with other modules a download is compared by the byte', () => {
  const before = [good(10_000), good(10_000), good(10_000)];
  const now = run({ modulesDigest: 'new', bytes: 3000, stages: { download: 30_000 } });
  const comparison = compareRun(now, before);
  assert.ok(comparison.kind === 'compared');
  assert.deepEqual(
    comparison.stages.map(({ ratio, scale }) => [ratio, scale]),
    [[1, 'bytes']],
  );
});

test('a run that was cut off is compared by how far good runs had come after the same time', () => {
  const cut = run({ stages: {}, cutOff: { seconds: 6, modules: 3 } });
  const comparison = compareRun(cut, [good(20_000), good(20_000), good(20_000)]);
  assert.ok(comparison.kind === 'compared');
  assert.deepEqual(comparison.progress, { seconds: 6, modules: 3, medianModules: 30 });
  assert.deepEqual(comparison.stages, []);
  const late = compareRun(run({ stages: {}, cutOff: { seconds: 3600, modules: 3 } }), [
    good(20_000),
    good(20_000),
    good(20_000),
  ]);
  assert.equal(late.kind === 'compared' && late.progress?.medianModules, 40);
});

test('what has changed since the newest good run is named', () => {
  const now = run({ inputs: { GOVERSION: 'go1.27.0', 'go.sum': 'a', image: 'x' } });
  const comparison = compareRun(now, [good(1), good(1), good(1)]);
  assert.deepEqual(comparison.kind === 'compared' && comparison.changed, ['GOVERSION', 'image']);
});
