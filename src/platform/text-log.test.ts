import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatLogLine } from './text-log.ts';

const PLAIN = { color: false, timeZone: 'UTC' };

function lineOf(parts: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ level: 'warn', time: '2026-11-21T15:04:05.120Z', ...parts });
}

test('formatLogLine() writes a line that people read, with the trace at its end', () => {
  const line = lineOf({
    trace: 'abc',
    part: 'proxy',
    status: 502,
    seconds: 0.123456,
    message: 'it failed',
  });
  assert.equal(
    formatLogLine(line, PLAIN),
    '2026-11-21 15:04:05.120 WARN  it failed part=proxy status=502 seconds=0.1235 trace=abc\n',
  );
});

test('formatLogLine() shows the time of the reader', () => {
  const line = lineOf({ message: 'x' });
  assert.match(
    formatLogLine(line, { color: false, timeZone: 'Asia/Kolkata' }),
    /^2026-11-21 20:34:05/u,
  );
});

test('formatLogLine() quotes what has spaces, and shows what a terminal would obey', () => {
  const text = formatLogLine(
    lineOf({ cause: 'a b', list: [1], evil: '\u001B[2Jx', message: 'a\u0007b' }),
    PLAIN,
  );
  assert.match(text, / a\\x07b cause="a b" list=\[1\] evil="\\u001b\[2Jx"\n$/u);
  assert.doesNotMatch(text, /\u001B|\u0007/u);
});

test('formatLogLine() puts a stack below its line', () => {
  const text = formatLogLine(lineOf({ error: 'Error: x\n    at y\u001B', message: 'bug' }), PLAIN);
  assert.equal(text.split('\n').length, 4);
  assert.match(text, /bug\n {4}error: Error: x\n {10}at y\\x1b\n$/u);
});

test('formatLogLine() colours only when asked', () => {
  const text = formatLogLine(lineOf({ level: 'error', message: 'x' }), { ...PLAIN, color: true });
  assert.match(text, /\u001B\[1;31mERROR\u001B\[0m x\n$/u);
});
