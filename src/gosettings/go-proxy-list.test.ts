import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatProxies, parseGoProxyList } from './go-proxy-list.ts';

const accepted: readonly [text: string, proxies: string, end: string | undefined][] = [
  ['https://a.example|https://b.example,direct', 'https://a.example|https://b.example', 'direct'],
  ['https://a.example,off', 'https://a.example', 'off'],
  ['https://a.example', 'https://a.example', undefined],
  ['direct', '', 'direct'],
  ['off', '', 'off'],
  ['off,https://a.example', '', 'off'],
  ['direct|https://a.example', '', 'direct'],
  ['https://a.example,direct,https://b.example', 'https://a.example', 'direct'],
  ['file:///x', 'file:///x', undefined],
  ['file:///x,https://b.example', 'file:///x,https://b.example', undefined],
  ['file:///with%20space', 'file:///with%20space', undefined],
  [
    '  https://a.example , https://b.example\t|\n direct ',
    'https://a.example,https://b.example',
    'direct',
  ],
  [',,https://a.example,||,direct', 'https://a.example', 'direct'],
  ['https://a.example,|https://b.example', 'https://a.example,https://b.example', undefined],
  ['a.example', 'https://a.example', undefined],
  ['a.example/go', 'https://a.example/go', undefined],
  ['localhost:8080', 'https://localhost:8080', undefined],
  ['http://127.0.0.1:8080/x/|direct', 'http://127.0.0.1:8080/x/', 'direct'],
  ['HTTPS://a.example', 'HTTPS://a.example', undefined],
  ['https://user:word@a.example,direct', 'https://user:word@a.example', 'direct'],
];

for (const [text, proxies, end] of accepted) {
  test(`parseGoProxyList() reads ${JSON.stringify(text)}`, () => {
    const result = parseGoProxyList(text);
    assert.equal(result.kind, 'list');
    if (result.kind !== 'list') return;
    assert.equal(formatProxies(result.list), proxies);
    assert.equal(result.list.end, end);
  });
}

const refused = [
  [',', 'GOPROXY has no entries'],
  [' ', 'GOPROXY has no entries'],
  ['||', 'GOPROXY has no entries'],
  ['localhost', 'entry 1 of GOPROXY has no scheme'],
  ['Direct', 'entry 1 of GOPROXY has no scheme'],
  ['/srv/modules', 'entry 1 of GOPROXY has no scheme'],
  ['https://a.example,none', 'entry 2 of GOPROXY has no scheme'],
  ['://a.example', 'entry 1 of GOPROXY has no scheme'],
  ['ftp://a.example', 'entry 1 of GOPROXY has a scheme other than https, http and file'],
  [
    'file://srv/modules',
    'entry 1 of GOPROXY is a file:// URL with something other than an absolute path',
  ],
  [
    'file:///srv?x=1',
    'entry 1 of GOPROXY is a file:// URL with something other than an absolute path',
  ],
  ['file:/srv', 'entry 1 of GOPROXY is a file:// URL with something other than an absolute path'],
  ['https://a.example/%zz', 'entry 1 of GOPROXY holds a broken percent escape'],
  ['https://a.example:port', 'entry 1 of GOPROXY is not a valid URL'],
  ['https://a b.example', 'entry 1 of GOPROXY is not a valid URL'],
  ['https://a.example/\u007f', 'entry 1 of GOPROXY holds a control character'],
] as const;

for (const [text, reason] of refused) {
  test(`parseGoProxyList() refuses ${JSON.stringify(text)}`, () => {
    assert.deepEqual(parseGoProxyList(text), { kind: 'invalid', reason });
  });
}

test('parseGoProxyList() never repeats the text of a refused entry, which may hold a password', () => {
  const result = parseGoProxyList('https://user:word@a.example:port');
  assert.equal(result.kind, 'invalid');
  assert.ok(!JSON.stringify(result).includes('word'));
});
