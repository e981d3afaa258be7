import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkModuleVersion } from './check-module-version.ts';
import { checkPathMajor, splitPathMajor } from './path-major.ts';

test('splitPathMajor() finds /vN, and .vN for gopkg.in', () => {
  assert.deepEqual(splitPathMajor('example.com/a/v2'), {
    prefix: 'example.com/a',
    pathMajor: '/v2',
  });
  assert.deepEqual(splitPathMajor('example.com/av2'), { prefix: 'example.com/av2', pathMajor: '' });
  assert.deepEqual(splitPathMajor('gopkg.in/yaml.v0'), {
    prefix: 'gopkg.in/yaml',
    pathMajor: '.v0',
  });
  assert.deepEqual(splitPathMajor('gopkg.in/x.v1-unstable'), {
    prefix: 'gopkg.in/x',
    pathMajor: '.v1-unstable',
  });
  for (const path of [
    'example.com/v0',
    'example.com/v1',
    'example.com/v2.0',
    'gopkg.in/yaml/v2',
    'gopkg.in/yaml.v02',
  ]) {
    assert.equal(splitPathMajor(path), undefined, path);
  }
});

test('checkPathMajor() wants the same major version, with the exceptions Go makes', () => {
  assert.equal(checkPathMajor('v2.0.0', '/v2'), undefined);
  assert.equal(checkPathMajor('v2.0.0+incompatible', ''), undefined);
  assert.equal(checkPathMajor('v0.0.0-20161208181325-20d25e280405', '.v1'), undefined);
  assert.equal(
    checkPathMajor('v2.0.0', ''),
    'version "v2.0.0" invalid: should be v0 or v1, not v2',
  );
  assert.equal(checkPathMajor('v1.0.0', '/v2'), 'version "v1.0.0" invalid: should be v2, not v1');
});

test('checkModuleVersion() joins the rules of path and version', () => {
  assert.equal(checkModuleVersion('example.com/a', 'v1.2.3'), undefined);
  assert.equal(
    checkModuleVersion('example.com/a', 'v2.0.0'),
    'example.com/a@v2.0.0: invalid version: should be v0 or v1, not v2',
  );
  assert.equal(
    checkModuleVersion('example.com/a', 'main'),
    'example.com/a@main: invalid version: not a semantic version',
  );
  assert.equal(
    checkModuleVersion('a', 'v1.0.0'),
    'malformed module path "a": missing dot in first path element',
  );
});
