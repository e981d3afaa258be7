import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderErrorText } from './error-text.ts';

const TRACE = '0123456789abcdef0123456789abcdef';

function render(cause: string, tried: readonly string[] = [], next = 'try again'): string {
  return renderErrorText({ cause, tried, next, trace: TRACE }).toString();
}

test('renderErrorText() says cause, what was tried, the next step and the trace', () => {
  assert.equal(
    render('it failed', ['tried a', 'tried b']),
    `it failed\ntried a\ntried b\ntry again\ncofferdam: trace ${TRACE}\n`,
  );
});

test('renderErrorText() fits into what go prints, whatever it is given', () => {
  const long = 'é'.repeat(5000);
  for (const text of [
    render(
      long,
      Array.from({ length: 20 }, () => long),
      long,
    ),
    render(
      'short',
      Array.from({ length: 20 }, (_, index) => `tried ${index}`),
    ),
    render('𝄞'.repeat(300)),
  ]) {
    assert.ok(Buffer.byteLength(text) <= 641, String(Buffer.byteLength(text)));
    const lines = text.split('\n').slice(0, -1);
    assert.ok(lines.length <= 8 && lines.every((line) => line !== ''));
    assert.equal(lines.at(-1), `cofferdam: trace ${TRACE}`);
    assert.ok(!text.includes('\uFFFD'));
  }
});

test('renderErrorText() keeps foreign text on one printable line', () => {
  const text = render('a\n\nb\u0000c\u001b[31md\u202e', ['\r\n \t']);
  assert.equal(text, `a b c [31md\ntry again\ncofferdam: trace ${TRACE}\n`);
});
