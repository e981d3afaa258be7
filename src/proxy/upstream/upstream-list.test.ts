import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProgramError } from '../../platform/index.ts';
import { parseUpstreamList } from './upstream-list.ts';

/** `base` with the separator's meaning, as `base|` or `base,`; then what ends the list. */
function summarize(text: string): string {
  const { entries, end } = parseUpstreamList(text);
  const parts = entries.map((entry) => `${entry.base}${entry.fallBackOnError ? '|' : ','}`);
  return [...parts, ...(end === undefined ? [] : [end])].join(' ');
}

// P-60, P-61 and `go help goproxy`.
test('parseUpstreamList() reads lists as go does', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['https://a.test', 'https://a.test,'],
    ['https://a.test/', 'https://a.test,'],
    ['https://a.test/base//', 'https://a.test/base,'],
    ['https://a.test,https://b.test', 'https://a.test, https://b.test,'],
    ['https://a.test|https://b.test', 'https://a.test| https://b.test,'],
    ['https://a.test|https://b.test,direct', 'https://a.test| https://b.test, direct'],
    ['https://a.test,off', 'https://a.test, off'],
    ['off', 'off'],
    ['direct', 'direct'],
    ['off,https://a.test', 'off'],
    ['direct|https://a.test', 'direct'],
    [' https://a.test , https://b.test | off ', 'https://a.test, https://b.test| off'],
    [',,https://a.test,|,https://b.test,', 'https://a.test, https://b.test,'],
    ['a.test', 'https://a.test,'],
    ['a.test/base', 'https://a.test/base,'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000,'],
    ['file:///srv/modules', '/srv/modules,'],
    ['file:///srv/my%20modules/', '/srv/my modules,'],
    ['https://user:word@a.test', 'https://user:word@a.test,'],
  ];
  for (const [text, expected] of cases) {
    assert.equal(summarize(text), expected, text);
  }
});

test('parseUpstreamList() has names for people without user info', () => {
  const { entries } = parseUpstreamList('https://user:word@a.test/base,file:///srv/modules');
  assert.deepEqual(
    entries.map((entry) => [entry.kind, entry.name]),
    [
      ['http', 'https://a.test/base'],
      ['file', 'file:///srv/modules'],
    ],
  );
});

test('parseUpstreamList() refuses what makes no sense, with the position of the entry', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['', /no entries/u],
    [' ', /no entries/u],
    [',|,', /no entries/u],
    ['none', /entry 1 .*"none", is neither a URL nor off nor direct/u],
    ['https://a.test,Direct', /entry 2 .*"Direct"/u],
    ['https://a.test,,word', /entry 3 /u],
    ['ftp://a.test', /scheme ftp/u],
    ['/srv/modules', /is not a URL/u],
    ['https://', /is not a URL/u],
    ['http://user:word@a.test', /user name or password over http/u],
    ['http://user@a.test', /user name or password over http/u],
    ['https://a.test/?x=1', /query or fragment/u],
    ['https://a.test/#x', /query or fragment/u],
    ['file://srv/modules', /host "srv" in a file URL/u],
    ['file:///srv/%zz', /entry 1 .*percent escape/u],
    ['file:///srv?x', /query or fragment/u],
    ['x'.repeat(9000), /longer than/u],
    [Array.from({ length: 40 }, () => 'https://a.test').join(','), /more than 32 entries/u],
  ];
  for (const [text, message] of cases) {
    assert.throws(
      () => parseUpstreamList(text),
      (error) => {
        assert.ok(isProgramError(error), text.slice(0, 60));
        assert.deepEqual([error.code, error.kind], ['upstream-list-invalid', 'bad-input']);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /word@/u);
        return true;
      },
      text.slice(0, 60),
    );
  }
});

test('parseUpstreamList() says whether something stands where it is never asked', () => {
  for (const [text, expected] of [
    ['off,https://a.test', true],
    ['https://a.test,direct|https://b.test', true],
    ['https://a.test,off', false],
    ['https://a.test,off, |,', false],
    ['https://a.test,https://b.test', false],
  ] as const) {
    assert.equal(parseUpstreamList(text).isCutOff, expected, text);
  }
});
