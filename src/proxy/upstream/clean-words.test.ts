import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanWords, kindOfWords } from './clean-words.ts';

function clean(text: string, secrets: readonly string[] = [], isWhole = true): readonly string[] {
  return cleanWords({ kind: 'text', text, isWhole }, secrets);
}

test('only plain text in UTF-8 has words, and a web page a title', () => {
  const cases = [
    ['text/plain', 'text'],
    ['Text/Plain; charset="UTF-8"', 'text'],
    ['text/plain; format=flowed; charset=us-ascii', 'text'],
    ['text/plain; charset=iso-8859-1', undefined],
    ['text/html; charset=utf-8', 'page'],
    ['application/json', undefined],
    ['constructor', undefined],
    [undefined, undefined],
  ] as const;
  for (const [type, kind] of cases) assert.equal(kindOfWords(type), kind, String(type));
});

test('words are no more than go prints: 8 lines, 648 bytes, no empty ones', () => {
  assert.deepEqual(clean('blocked by policy\r\n\r\n\t ask  security\n'), [
    'blocked by policy',
    'ask security',
  ]);
  assert.equal(clean('a\n'.repeat(500_000)).length, 8);
  for (const text of [
    'x'.repeat(1 << 20),
    'é𝄞 '.repeat(1 << 18),
    `${'y'.repeat(100)}\n`.repeat(9),
  ]) {
    const lines = clean(text);
    assert.ok(Buffer.byteLength(`${lines.join('\n')}\n`) <= 648);
    assert.ok(lines.at(-1)?.endsWith('…'));
    assert.ok(!lines.join('').includes('\uFFFD'));
  }
});

test('nothing that moves a cursor, colours, renames a window or turns the writing is left', () => {
  const text =
    '\u001b[31mred\u001b[0m \u001b]0;title\u0007bell \u001b]8;;https://evil.test\u001b\\link\u009b2J' +
    '\u001bPdcs\u001b\\ \u001b(Bset\u001bc \u0000nul\b \u202eright\u200b \u001b[12';
  assert.deepEqual(clean(text), ['red bell link set nul right']);
  assert.deepEqual(clean('a ##vso[task.complete]b ##[error]'), [
    'a # #vso[task.complete]b # #[error]',
  ]);
  assert.deepEqual(clean('progress 1\rprogress 2'), ['progress 1', 'progress 2']);
});

test('secrets are hidden also when escapes split them, and when the text was cut inside one', () => {
  assert.deepEqual(clean('no: pass\u001b[0mword7', ['password7']), ['no: [hidden]']);
  assert.deepEqual(clean('no: passwo', ['password7'], false), ['no:']);
});

test('a web page is reduced to its title', () => {
  const page = (text: string): readonly string[] =>
    cleanWords({ kind: 'page', text, isWhole: true }, []);
  assert.deepEqual(
    page(
      '<!doctype html><head>\n<TITLE lang="en">\n Access &amp; web\n policy&#39;s </title><p>no',
    ),
    ["Access & web policy's"],
  );
  assert.deepEqual(page('<p>secret page</p>'), []);
  assert.deepEqual(page('<title>&#27;[31m&lt;b&gt;</title>'), ['&#27;[31m<b>']);
});
