import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createParentFailures } from './parent-failures.ts';
import { parseRoute } from './protocol/index.ts';

const PATHS = ['m.test/a/b', 'm.test/a', 'm.test'] as const;

/** Begins all, then ends them in the order of `ends`; `-` before a path is an end without failure. */
function play(
  begins: readonly string[],
  ends: readonly string[],
  clientOf: (path: string) => string = () => 'client',
): readonly string[] {
  const failures = createParentFailures();
  const said: string[] = [];
  const running = new Map(
    begins.map((path) => [path, failures.begin(clientOf(path), parseRoute(`/${path}/@v/list`))]),
  );
  for (const end of ends) {
    if (end.startsWith('-')) running.get(end.slice(1))?.();
    else running.get(end)?.((level) => void said.push(`${level} ${end}`));
  }
  return said;
}

test('of a path and all above it, which fail together, only the longest is told', () => {
  const orders = [
    [0, 1, 2],
    [2, 1, 0],
    [1, 0, 2],
    [1, 2, 0],
    [0, 2, 1],
    [2, 0, 1],
  ] as const;
  for (const order of orders) {
    const said = play(
      PATHS,
      order.map((index) => PATHS[index]),
    );
    assert.deepEqual(
      said.toSorted(),
      ['debug m.test', 'debug m.test/a', 'warn m.test/a/b'],
      order.join(),
    );
  }
});

test('a path above that fails alone is told once everybody below has ended', () => {
  assert.deepEqual(play(PATHS, ['m.test', '-m.test/a', '-m.test/a/b']), ['warn m.test']);
  assert.deepEqual(play(PATHS, ['-m.test/a/b', '-m.test/a', 'm.test']), ['warn m.test']);
  assert.deepEqual(play(PATHS, ['m.test/a', 'm.test', '-m.test/a/b']).toSorted(), [
    'debug m.test',
    'warn m.test/a',
  ]);
});

test('what belongs to other paths, other clients or other times is told by itself', () => {
  const both = ['m.test/a', 'm.test/ab'];
  assert.deepEqual(play(both, both), ['warn m.test/a', 'warn m.test/ab']);
  const two = ['m.test/a', 'm.test'];
  assert.deepEqual(
    play(two, two, (path) => path),
    ['warn m.test/a', 'warn m.test'],
  );
  const failures = createParentFailures();
  const said: string[] = [];
  for (const path of two) {
    const end = failures.begin('client', parseRoute(`/${path}/@v/list`));
    end((level) => void said.push(`${level} ${path}`));
  }
  assert.deepEqual(said, ['warn m.test/a', 'warn m.test']);
});

test('modules that lie in one another are told apart: their files are asked for themselves', () => {
  const failures = createParentFailures();
  const said: string[] = [];
  const paths = ['/m.test/a/@v/v1.0.0.zip', '/m.test/@v/v1.0.0.zip', '/m.test/@v/list'];
  const ends = paths.map((path) => failures.begin('client', parseRoute(path)));
  for (const [index, end] of ends.entries()) {
    end((level) => void said.push(`${level} ${paths[index] ?? ''}`));
  }
  assert.deepEqual(
    said,
    paths.map((path) => `warn ${path}`),
  );
});
