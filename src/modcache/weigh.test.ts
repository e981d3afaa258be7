import assert from 'node:assert/strict';
import { test } from 'node:test';
import { weigh } from './weigh.ts';
import type { Known, Part } from './weigh.ts';

const RIGHT = `h1:${'A'.repeat(43)}=`;
const WRONG = `h1:${'B'.repeat(43)}=`;
const OTHER = `h1:${'C'.repeat(43)}=`;
const NONE: Known = { trusted: undefined, written: undefined, zip: undefined, tree: undefined };

const cases: readonly [name: string, known: Partial<Known>, broken: readonly Part[]][] = [
  ['all agree', { written: RIGHT, zip: RIGHT, tree: RIGHT }, []],
  ['nothing is there', {}, []],
  ['only a hash file', { written: RIGHT }, []],
  ['only a zip', { zip: RIGHT }, []],
  ['a zip that differs from the rest', { written: RIGHT, zip: WRONG, tree: RIGHT }, ['zip']],
  ['a hash file that differs', { written: WRONG, zip: RIGHT, tree: RIGHT }, ['ziphash']],
  ['a tree that differs', { written: RIGHT, zip: RIGHT, tree: WRONG }, ['tree']],
  ['nobody agrees', { written: RIGHT, zip: WRONG, tree: OTHER }, ['zip', 'ziphash', 'tree']],
  ['zip against hash file', { written: RIGHT, zip: WRONG }, ['zip', 'ziphash']],
  ['a broken zip', { written: RIGHT, zip: 'broken' }, ['zip']],
  ['a malformed hash file', { written: 'malformed', zip: RIGHT, tree: RIGHT }, ['ziphash']],
  ['a tree with a link in it', { written: RIGHT, zip: RIGHT, tree: 'foreign' }, ['tree']],
  [
    'go.sum against all',
    { trusted: RIGHT, written: WRONG, zip: WRONG, tree: WRONG },
    ['zip', 'ziphash', 'tree'],
  ],
  ['go.sum with the zip', { trusted: RIGHT, written: WRONG, zip: RIGHT }, ['ziphash']],
];

for (const [name, known, broken] of cases) {
  test(`weigh() with ${name} finds ${broken.join(', ') || 'nothing broken'}`, () => {
    assert.deepEqual([...weigh({ ...NONE, ...known }).broken], broken);
  });
}
