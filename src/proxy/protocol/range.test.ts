import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatHttpDate } from '../../platform/http/index.ts';
import { hasChanged, isNotModified, selectRange } from './range.ts';

const MODIFIED = 'Sun, 06 Nov 1994 08:49:37 GMT';
const VALIDATORS = { etag: '"abc"', lastModified: MODIFIED };

test('selectRange() takes one range of bytes', () => {
  const cases: readonly (readonly [string | undefined, string])[] = [
    [undefined, 'whole'],
    ['bytes=0-0', '0-0'],
    ['bytes=10-19', '10-19'],
    ['bytes = 10 - 19', '10-19'],
    ['bytes=90-', '90-99'],
    ['bytes=90-1000', '90-99'],
    ['bytes=-5', '95-99'],
    ['bytes=-1000', '0-99'],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=19-10', 'whole'],
    ['bytes=-', 'whole'],
    ['bytes=a-b', 'whole'],
    ['bytes=0-1,5-6', 'whole'],
    ['lines=0-1', 'whole'],
    ['Bytes=0-1', '0-1'],
    // RFC 9110 14.1.2: a first position behind the end cannot be satisfied, a last one is the end.
    [`bytes=${'9'.repeat(30)}-`, 'unsatisfiable'],
    [`bytes=${'9'.repeat(8000)}-${'9'.repeat(8000)}`, 'unsatisfiable'],
    [`bytes=90-${'9'.repeat(8000)}`, '90-99'],
    [`bytes=-${'9'.repeat(8000)}`, '0-99'],
    [`bytes=${'9'.repeat(30)}-${'9'.repeat(29)}8`, 'whole'],
    [`bytes=${'0'.repeat(8000)}1-2`, '1-2'],
    [`bytes=${Array.from({ length: 2000 }, () => '0-0').join()}`, 'whole'],
  ];
  for (const [range, expected] of cases) {
    const selection = selectRange(range, undefined, 100, VALIDATORS);
    const text =
      selection.kind === 'part' ? `${selection.first}-${selection.last}` : selection.kind;
    assert.equal(text, expected, `range ${range ?? 'absent'}`);
  }
  assert.equal(selectRange('bytes=0-', undefined, 0, VALIDATORS).kind, 'unsatisfiable');
  assert.equal(selectRange('bytes=-1', undefined, 0, VALIDATORS).kind, 'unsatisfiable');
});

test('selectRange() keeps the range only when If-Range matches strongly', () => {
  for (const [ifRange, kind] of [
    ['"abc"', 'part'],
    [MODIFIED, 'part'],
    ['W/"abc"', 'whole'],
    ['"other"', 'whole'],
  ] as const) {
    assert.equal(selectRange('bytes=0-1', ifRange, 100, VALIDATORS).kind, kind, ifRange);
  }
});

test('isNotModified() asks If-None-Match first, then the date', () => {
  assert.equal(isNotModified(undefined, undefined, VALIDATORS), false);
  for (const tags of ['"abc"', 'W/"abc"', '"x", "abc"', '*']) {
    assert.equal(isNotModified(tags, undefined, VALIDATORS), true, tags);
  }
  assert.equal(isNotModified('"x"', MODIFIED, VALIDATORS), false);
  assert.equal(isNotModified(undefined, MODIFIED, VALIDATORS), true);
  assert.equal(isNotModified(undefined, 'Sun, 06 Nov 1994 08:49:38 GMT', VALIDATORS), true);
  assert.equal(isNotModified(undefined, 'Sun, 06 Nov 1994 08:49:36 GMT', VALIDATORS), false);
  for (const bad of ['yesterday', '06 Nov 1994', 'Sun, 31 Feb 1994 08:49:37 GMT', '']) {
    assert.equal(isNotModified(undefined, bad, VALIDATORS), false, bad);
  }
});

test('hasChanged() asks If-Match first, strongly, then the date', () => {
  const coded = { ...VALIDATORS, codedEtag: '"abc-gzip"' };
  assert.equal(hasChanged(undefined, undefined, VALIDATORS), false);
  for (const tags of ['"abc"', '"x", "abc"', '*', '"abc-gzip"']) {
    assert.equal(hasChanged(tags, 'Sun, 06 Nov 1994 08:49:36 GMT', coded), false, tags);
  }
  for (const tags of ['"other"', 'W/"abc"', '"abc-gzip"', '']) {
    assert.equal(hasChanged(tags, undefined, VALIDATORS), true, tags);
  }
  assert.equal(hasChanged(undefined, MODIFIED, VALIDATORS), false);
  assert.equal(hasChanged(undefined, 'Sun, 06 Nov 1994 08:49:38 GMT', VALIDATORS), false);
  assert.equal(hasChanged(undefined, 'Sun, 06 Nov 1994 08:49:36 GMT', VALIDATORS), true);
  assert.equal(hasChanged(undefined, 'yesterday', VALIDATORS), false);
});

test('formatHttpDate() writes the preferred form', () => {
  assert.equal(formatHttpDate(784_111_777_999.9), MODIFIED);
  assert.equal(formatHttpDate(0), 'Thu, 01 Jan 1970 00:00:00 GMT');
});
