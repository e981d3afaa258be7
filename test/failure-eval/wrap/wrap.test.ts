import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSeeded } from '../../support/seeded.ts';
import { closedStyles, openStyles } from './styles.ts';
import { wrapLogs } from './wrap.ts';

const LOG = {
  name: 'one',
  truth: { id: 'conn-eof', evidence: ['Get "https://a.test/x": EOF'] },
  log: 'go: downloading a.test/x v1.0.0\ngo: a.test/x@v1.0.0: Get "https://a.test/x": EOF\n',
};

test('every style keeps the line that proves the cause', () => {
  for (const [name, style] of Object.entries({ ...openStyles, ...closedStyles })) {
    const text = style(LOG.log, createSeeded('x')).replaceAll('\\"', '"');
    assert.ok(text.includes('Get "https://a.test/x": EOF'), name);
  }
});

test('the same seed wraps alike, another one otherwise', () => {
  const once = wrapLogs([LOG], 3, 'all', '1');
  assert.deepEqual(wrapLogs([LOG], 3, 'all', '1'), once);
  assert.notDeepEqual(wrapLogs([LOG], 3, 'all', '2'), once);
});

test('the log as it is comes first, and its truth goes with every wrapping', () => {
  const wrapped = wrapLogs([LOG], 3, 'all', '1');
  assert.equal(wrapped.length, 4);
  assert.equal(wrapped[0]?.log, LOG.log);
  assert.ok(wrapped.every(({ truth }) => truth === LOG.truth));
  assert.equal(new Set(wrapped.map(({ name }) => name)).size, 4);
});

test('what the author of the rules sees has no style that is held out', () => {
  const logs = Array.from({ length: 40 }, (_, index) => ({ ...LOG, name: `log ${index}` }));
  const held = new Set(Object.keys(closedStyles));
  const used = (wrapping: 'open' | 'all'): string[] =>
    wrapLogs(logs, 3, wrapping, '1').map(({ name }) => name.split('#')[1] ?? '');
  assert.ok(used('open').every((style) => !held.has(style)));
  assert.ok(used('all').some((style) => held.has(style)));
});
