import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quote, quoteCharacter } from './quote.ts';
import { unquote } from './unquote.ts';
import { decodeText, encodeText } from './utf8.ts';

const QUOTED: readonly (readonly [text: string, literal: string])[] = [
  ['plain', '"plain"'],
  ['a"b\\c', String.raw`"a\"b\\c"`],
  ['a\n\t\u0000\u007f', String.raw`"a\n\t\x00\x7f"`],
  ['日本\u00a0', String.raw`"日本\u00a0"`],
  ['\u{10ffff}', String.raw`"\U0010ffff"`],
  ['\udcff', String.raw`"\xff"`],
];

test('quote() and unquote() are each other reversed', () => {
  for (const [text, literal] of QUOTED) {
    assert.equal(quote(text), literal);
    assert.equal(unquote(literal), text);
  }
});

test('quoteCharacter() puts a character between single quotes', () => {
  assert.equal(quoteCharacter(0x27), String.raw`'\''`);
  assert.equal(quoteCharacter(0x22), `'"'`);
  assert.equal(quoteCharacter(0), String.raw`'\x00'`);
});

test('unquote() reads octal and byte escapes and joins bytes to characters', () => {
  assert.equal(unquote(String.raw`"\101\xc3\xa9"`), 'Aé');
  assert.equal(unquote('`a\\b`'), 'a\\b');
});

test('unquote() refuses what is no literal', () => {
  for (const literal of [
    '"',
    '"a',
    'a',
    '"a"b"',
    '"a\nb"',
    String.raw`"\q"`,
    String.raw`"\x4"`,
    String.raw`"\400"`,
    String.raw`"\ud800"`,
  ]) {
    assert.equal(unquote(literal), undefined, literal);
  }
});

test('decodeText() carries bytes that are no UTF-8, and encodeText() gives them back', () => {
  const bytes = Uint8Array.of(0x61, 0xff, 0xc3, 0xa9, 0xed, 0xa0, 0x80, 0xc3, 0xef, 0xbb, 0xbf);
  const text = decodeText(bytes);
  assert.equal(text, 'a\udcffé\udced\udca0\udc80\udcc3\ufeff');
  assert.deepEqual(encodeText(text), bytes);
});
