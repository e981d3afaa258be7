import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareBytes } from './compare-bytes.ts';
import { fieldsOf, trimSpace } from './space.ts';

test('trimSpace() and fieldsOf() know the spaces of Go, which are not those of JavaScript', () => {
  assert.equal(trimSpace(' \u0085x\u3000\n'), 'x');
  assert.equal(trimSpace('\ufeffx'), '\ufeffx');
  assert.deepEqual(fieldsOf(' a\u00a0b\t c '), ['a', 'b', 'c']);
  assert.deepEqual(fieldsOf(' '), []);
});

test('compareBytes() orders by UTF-8', () => {
  assert.ok(compareBytes('\uffff', '\u{10000}') < 0);
  assert.ok(compareBytes('a', 'ab') < 0);
  assert.ok(compareBytes('b', 'ab') > 0);
  assert.ok(compareBytes('\udcff', '\u{10000}') > 0);
  assert.equal(compareBytes('a', 'a'), 0);
});
