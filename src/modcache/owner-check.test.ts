import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOwnerCheck } from './owner-check.ts';

const ENTRY = {
  kind: 'directory',
  size: 0,
  modifiedMilliseconds: 0,
  isReadable: true,
  isShared: false,
} as const;

test('createOwnerCheck() makes one finding of all directories that belong to others', () => {
  const check = createOwnerCheck(1000);
  check.see('mine', { ...ENTRY, owner: 1000 });
  check.see('absent', undefined);
  check.see('shared', { ...ENTRY, owner: 0, isShared: true });
  assert.deepEqual(check.damages(), []);
  check.see('theirs', { ...ENTRY, owner: 0 });
  check.see('theirs/too', { ...ENTRY, owner: 0 });
  const [damage, ...more] = check.damages();
  assert.deepEqual(
    [damage?.code, damage?.file, more.length],
    ['cache-permission-denied', 'theirs', 0],
  );
  assert.match(damage?.proof ?? '', /^2 of them, this one to user 0; this is user 1000$/);
});

test('createOwnerCheck() finds nothing where this is root', () => {
  const check = createOwnerCheck(undefined);
  check.see('theirs', { ...ENTRY, owner: 5 });
  assert.deepEqual(check.damages(), []);
});
