import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFilePath, checkImportPath, checkModulePath } from './check-path.ts';

const REFUSED_MODULE_PATHS: readonly (readonly [path: string, reason: string])[] = [
  ['', 'empty string'],
  ['x', 'missing dot in first path element'],
  ['Example.com/a', `invalid char 'E' in first path element`],
  ['example.com//a', 'double slash'],
  ['example.com/', 'trailing slash'],
  ['-example.com', 'leading dash'],
  ['example.com/.git', 'leading dot in path element'],
  ['example.com/a.', 'trailing dot in path element'],
  ['example.com/..', 'invalid path element ".."'],
  ['example.com/a b', `invalid char ' '`],
  ['example.com/é', `invalid char 'é'`],
  ['example.com/a\nb', `invalid char '\\n'`],
  ['example.com/Nul.x', '"Nul" disallowed as path element component on Windows'],
  ['example.com/a~1', 'trailing tilde and digits in path element'],
  ['example.com/v1', 'invalid version'],
  ['example.com/v02', 'invalid version'],
  ['gopkg.in/yaml', 'invalid version'],
  ['example.com/\ud800', 'invalid UTF-8'],
];

test('checkModulePath() names the rule that a path breaks', () => {
  for (const [path, reason] of REFUSED_MODULE_PATHS) {
    const problem = checkModulePath(path);
    assert.ok(problem?.startsWith('malformed module path "'), path);
    assert.ok(problem?.endsWith(`": ${reason}`), `${path}: ${problem ?? ''}`);
  }
});

test('checkModulePath() accepts the paths that Go accepts', () => {
  const paths = [
    'example.com',
    'github.com/Azure/go-autorest/v14',
    'gopkg.in/yaml.v3',
    'gopkg.in/x.v1-unstable',
    'a.b/_~-.x',
  ];
  for (const path of paths) assert.equal(checkModulePath(path), undefined);
});

test('checkImportPath() allows a plus sign and a leading dot in an element', () => {
  assert.equal(checkImportPath('example.com/g++/.x'), undefined);
  assert.equal(checkImportPath('fmt'), undefined);
  assert.equal(checkImportPath('a@b'), `malformed import path "a@b": invalid char '@'`);
});

test('checkFilePath() allows letters of every script and not the device names of Windows', () => {
  assert.equal(checkFilePath('dir/日本語 (1).txt'), undefined);
  assert.equal(checkFilePath('-x'), undefined);
  assert.equal(
    checkFilePath('a/com1.txt'),
    'malformed file path "a/com1.txt": "com1" disallowed as path element component on Windows',
  );
  assert.equal(checkFilePath('a:b'), `malformed file path "a:b": invalid char ':'`);
});
