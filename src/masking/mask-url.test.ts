import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskUrl } from './mask-url.ts';

test('maskUrl() removes user info, query and fragment, and nothing else', () => {
  const cases = [
    ['no address here', 'no address here'],
    ['https://proxy.example/a/@v/list', 'https://proxy.example/a/@v/list'],
    [
      'get https://user:secret@proxy.example:8443/a failed',
      'get https://proxy.example:8443/a failed',
    ],
    ['http://secret@proxy.example', 'http://proxy.example'],
    ['https://proxy.example/a?token=secret#secret', 'https://proxy.example/a'],
    ['"https://user:secret@proxy.example/?a=secret"', '"https://proxy.example/"'],
    ['https://user:sec@ret@proxy.example/@v/x', 'https://proxy.example/@v/x'],
    ['https://user:sec/ret@proxy.example/a/@v/x', 'https://proxy.example/a/@v/x'],
    ['https://user:sec#ret@proxy.example/a', 'https://proxy.example/a'],
    ['https://user:secret/', 'https://[hidden]'],
    ['HTTPS://user:secret@proxy.example', 'HTTPS://proxy.example'],
    ['socks5://user:secret@proxy.example:1080', 'socks5://proxy.example:1080'],
    ['http://user:secret@[::1]:8080/a', 'http://[::1]:8080/a'],
    ['(see https://proxy.example:80)', '(see https://proxy.example:80)'],
    ['dial https://proxy.example: refused', 'dial https://proxy.example: refused'],
    [
      'https://a:secret@one.example/x,https://b:secret@two.example|http://three.example,direct',
      'https://one.example/x,https://two.example|http://three.example,direct',
    ],
  ] as const;
  for (const [text, masked] of cases) assert.equal(maskUrl(text), masked);
});

test('maskUrl() stays fast on hostile text', () => {
  const started = performance.now();
  maskUrl(`https://${'@'.repeat(200_000)}`);
  maskUrl(`https://a:b${'/@'.repeat(100_000)}`);
  maskUrl('a://'.repeat(50_000));
  maskUrl(`${'a.'.repeat(100_000)}://`);
  maskUrl(`https://${'-'.repeat(100_000)}:x`);
  maskUrl(`${'a'.repeat(20_000)}://`);
  assert.ok(performance.now() - started < 1000);
});
