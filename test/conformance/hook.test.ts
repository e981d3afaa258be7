import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hookProxyTest, proxyVariable } from './hook.ts';

const source = [
  'import (',
  '\t"os"',
  ')',
  'func StartProxy() {',
  '\t\tproxyURL = base() + "/x"',
  '}',
  'const testSumDBVerifierKey = "db.test/sum+0000abcd+AAAA/bbbb+CCC="',
  '',
].join('\n');

test('the hook follows the one place where the proxy URL is set', () => {
  const hooked = hookProxyTest(source);
  const lines = hooked.text.split('\n');
  const at = lines.findIndex((line) => line.includes('proxyURL = base()'));
  assert.match(lines[at + 1] ?? '', new RegExp(proxyVariable));
  assert.match(lines[at + 2] ?? '', /^\s*proxyURL = fixed$/);
  assert.equal(hooked.checksumDatabase, 'db.test/sum+0000abcd+AAAA/bbbb+CCC=');
});

test('a Go whose tests look different is refused and not judged by chance', () => {
  assert.throws(
    () => hookProxyTest(source.replace('proxyURL =', 'url =')),
    /sets proxyURL 0 times/,
  );
  assert.throws(() => hookProxyTest(`${source}\tproxyURL = ""\n`), /sets proxyURL 2 times/);
  assert.throws(
    () => hookProxyTest(source.replace('testSumDBVerifierKey', 'key')),
    /no checksum database key/,
  );
  assert.throws(() => hookProxyTest(source.replace('"os"', '"io"')), /does not import "os"/);
});
