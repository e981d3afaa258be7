import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOptions } from './options.ts';

test('without flags one run on a server of our own is judged', () => {
  const parsed = parseOptions([]);
  assert.equal(parsed.kind, 'run');
  if (parsed.kind !== 'run') return;
  assert.equal(parsed.options.runs, 1);
  assert.equal(parsed.options.server, undefined);
  assert.equal(parsed.options.fixture, '127.0.0.1:0');
});

test('arguments after two dashes are for the server', () => {
  const parsed = parseOptions(['--runs', '3', '--', '--workers', '2']);
  assert.equal(parsed.kind, 'run');
  if (parsed.kind !== 'run') return;
  assert.equal(parsed.options.runs, 3);
  assert.deepEqual(parsed.options.serveArguments, ['--workers', '2']);
});

test('wrong usage is told in one sentence', () => {
  for (const [given, message] of [
    [['--runs', '0'], /whole number/],
    [['--runs', 'x'], /whole number/],
    [['--only', '('], /not a regular expression/],
    [['--server', 'http://127.0.0.1:1'], /--server needs --fixture/],
    [['--server', 'ftp://x', '--fixture', '127.0.0.1:1'], /http or https URL/],
    [['--fixture', '192.0.2.1:80'], /loopback/],
    [
      ['--fixture', '127.0.0.1:1', '--server', 'http://127.0.0.1:2', '--', '--workers', '2'],
      /exclude each other/,
    ],
    [['--nonsense'], /nonsense/],
    [['word'], /word/],
  ] as const) {
    const parsed = parseOptions(given);
    assert.equal(parsed.kind, 'wrong', given.join(' '));
    if (parsed.kind === 'wrong') assert.match(parsed.message, message);
  }
});

test('help shows examples first', () => {
  const parsed = parseOptions(['-h']);
  assert.ok(
    parsed.kind === 'help' && parsed.text.indexOf('Examples:') < parsed.text.indexOf('Flags:'),
  );
});
