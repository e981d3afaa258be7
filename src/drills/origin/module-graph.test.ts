import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createModuleGraph } from './module-graph.ts';

const SETTINGS = { modules: 300, depth: 6, medianZipBytes: 30_000, seed: 'one' } as const;

test('createModuleGraph() places all modules on the levels asked, each required by the level above', () => {
  const { modules, main } = createModuleGraph(SETTINGS);
  assert.equal(modules.length, 300);
  const required = new Set(
    modules.flatMap((module) => module.requires?.map(({ path }) => path) ?? []),
  );
  for (const { path, requires } of modules) {
    if (level(path) > 1) assert.ok(required.has(path), path);
    for (const below of requires ?? []) assert.equal(level(below.path), level(path) + 1);
  }
  assert.deepEqual(new Set(modules.map(({ path }) => level(path))), new Set([1, 2, 3, 4, 5, 6]));
  assert.equal(main['go.sum']?.trimEnd().split('\n').length, 600);
});

test('createModuleGraph() spreads zip sizes around the median and gives the same for the same seed', () => {
  const { modules, main } = createModuleGraph(SETTINGS);
  const sizes = modules.map(({ zipBytes }) => zipBytes).sort((a, b) => a - b);
  const median = sizes[150] ?? 0;
  assert.ok(median > 22_000 && median < 40_000, String(median));
  assert.ok((sizes.at(-1) ?? 0) > 10 * median);
  assert.deepEqual(createModuleGraph(SETTINGS).main, main);
  assert.notDeepEqual(createModuleGraph({ ...SETTINGS, seed: 'two' }).main, main);
});

test('createModuleGraph() can list every module in the main go.mod, as tidy does since Go 1.17', () => {
  const { main } = createModuleGraph({ ...SETTINGS, modules: 20, depth: 3, mainLists: 'all' });
  assert.equal(main['go.mod']?.split('\n').filter((line) => line.startsWith('\t')).length, 20);
  assert.match(main['go.mod'] ?? '', /level3\/m\d+ v1\.\d+\.3 \/\/ indirect\n/);
});

function level(path: string): number {
  return Number(/level(\d)/.exec(path)?.[1]);
}
