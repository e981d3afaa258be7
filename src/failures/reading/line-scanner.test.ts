import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAutomaton } from './automaton.ts';
import { createLineScanner, type ScannedLine } from './line-scanner.ts';

const phrases = ['needle', 'need a', 'alone', 'last'];
const ranks = { firstAlone: 2, firstLast: 3 };

function scan(...pieces: readonly (string | Buffer)[]): {
  readonly lines: readonly ScannedLine[];
  readonly total: number;
} {
  const lines: ScannedLine[] = [];
  const scanner = createLineScanner(createAutomaton(phrases), ranks, (line) => lines.push(line));
  for (const piece of pieces) scanner.write(Buffer.from(piece));
  return { lines, total: scanner.end().lines };
}

function seen(lines: readonly ScannedLine[]): readonly string[] {
  return lines.map(({ number, text, phrases: found }) =>
    `${number} ${text} ${found.join()}`.trim(),
  );
}

test('a line with a phrase comes with the lines around it, each once and in order', () => {
  const log = Array.from({ length: 40 }, (_, index) => `l${index + 1}`);
  log[9] = 'a NEEDLE';
  log[11] = 'need a needle';
  const { lines, total } = scan(`${log.join('\n')}\n`);
  assert.equal(total, 40);
  assert.deepEqual(
    seen(lines),
    [
      'l6 l7 l8 l9'.split(' ').map((text) => `${text.slice(1)} ${text}`),
      '10 a NEEDLE 0',
      '11 l11',
      '12 need a needle 1,0',
      'l13 l14 l15 l16 l17 l18 l19 l20 l21'.split(' ').map((text) => `${text.slice(1)} ${text}`),
    ].flat(),
  );
});

test('some phrases come alone, and of some only the last', () => {
  const { lines } = scan('a\nalone\nb\nlast 1\nlast 2\nc\n');
  assert.deepEqual(seen(lines), ['2 alone 2', '5 last 2 3']);
});

test('the last of its kind stands before what follows it, once', () => {
  assert.deepEqual(seen(scan('last 1\nx\nneedle\n').lines), ['1 last 1 3', '2 x', '3 needle 0']);
  const far = scan(`last 1\n${'x\n'.repeat(9)}needle\n`).lines;
  assert.deepEqual(seen(far).slice(0, 2), ['1 last 1 3', '7 x']);
});

test('lines are found wherever pieces and windows end', () => {
  const filler = `${'x'.repeat(99)}\n`.repeat(25_000);
  const { lines, total } = scan(filler, 'a nee', 'dle\n', filler, 'needle');
  assert.equal(total, 50_002);
  assert.deepEqual(
    lines.filter((line) => line.phrases.length > 0).map(({ number, text }) => `${number} ${text}`),
    ['25001 a needle', '50002 needle'],
  );
});

test('of a line without end what stands around the finds is read', () => {
  const { lines, total } = scan(
    'x'.repeat(2_500_000),
    ' before needle after ',
    'y'.repeat(2_500_000),
  );
  assert.equal(total, 1);
  const [found] = lines.filter((line) => line.phrases.length > 0);
  assert.match(found?.text ?? '', / before needle/);
  assert.ok((found?.text.length ?? 0) < 7000);
});

test('an automaton finds phrases inside phrases', () => {
  const { lines } = scan('need alone\n');
  assert.deepEqual(lines[0]?.phrases, [1, 2]);
});

test('of a flood of finds the beginning and the end are given, each line once', () => {
  const count = 90_000;
  const flood = Array.from({ length: count }, (_, index) => `needle ${index + 1}`).join('\n');
  const { lines, total } = scan(`${flood}\n`);
  assert.equal(total, count);
  const numbers = lines.map((line) => line.number);
  assert.deepEqual(
    numbers.slice(0, 30_000),
    Array.from({ length: 30_000 }, (_, index) => index + 1),
  );
  assert.deepEqual(numbers.at(-1), count);
  assert.ok(numbers.length < 55_000);
  assert.equal(new Set(numbers).size, numbers.length);
  assert.ok(lines.every((line) => line.text === `needle ${line.number}`));
});
