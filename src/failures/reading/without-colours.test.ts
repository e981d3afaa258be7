import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutColours } from './without-colours.ts';

function filtered(pieces: readonly Uint8Array[]): string {
  const out: string[] = [];
  const filter = withoutColours((bytes) => {
    out.push(Buffer.from(bytes).toString('latin1'));
  });
  for (const piece of pieces) filter.write(piece);
  filter.end();
  return out.join('');
}

const texts: readonly [text: string, plain: string][] = [
  ['check\u001b[01;31m\u001b[Ksum\u001b[m\u001b[K mismatch\n', 'checksum mismatch\n'],
  ['\u001b[38;2;255;255;255mred\u001b[0m', 'red'],
  // Movements, titles and what has no end stay for whoever reads the line.
  ['a\u001b[2Ab\u001b]0;title\u0007c\u001b', 'a\u001b[2Ab\u001b]0;title\u0007c\u001b'],
  [`\u001b[${'1;'.repeat(40)}m`, `\u001b[${'1;'.repeat(40)}m`],
  ['\u001b\u001b[31mx', '\u001bx'],
];

test('colours go, however the bytes are cut, and all else stays', () => {
  for (const [text, plain] of texts) {
    const bytes = Buffer.from(text, 'latin1');
    assert.equal(filtered([bytes]), plain);
    assert.equal(filtered([...bytes].map((byte) => Uint8Array.of(byte))), plain);
  }
});
