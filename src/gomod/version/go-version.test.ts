import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareGoVersions, goVersionOfToolchain, isValidGoVersion } from './go-version.ts';

const ASCENDING = [
  'nonsense',
  '1',
  '1.20rc1',
  '1.20',
  '1.20.1',
  '1.21',
  '1.21alpha1',
  '1.21beta2',
  '1.21rc1',
  '1.21rc10',
  '1.21.0',
  '1.100',
];

test('compareGoVersions() puts the language before its release candidates and those before the release', () => {
  for (const [left, leftVersion] of ASCENDING.entries()) {
    for (const [right, rightVersion] of ASCENDING.entries()) {
      assert.equal(
        compareGoVersions(leftVersion, rightVersion),
        Math.sign(left - right),
        `${leftVersion} ${rightVersion}`,
      );
    }
  }
  assert.equal(compareGoVersions('1.20', '1.20.0'), 0);
  assert.equal(compareGoVersions('1', '1.0.0'), 0);
});

test('isValidGoVersion() refuses prefixes, leading zeros and pre-releases of patches', () => {
  for (const version of ['1', '1.21', '1.21rc1', '1.21.3', '1.21rc'])
    assert.ok(isValidGoVersion(version), version);
  for (const version of ['', 'go1.21', '1.', '1.02', '1.21.3rc1', '1.21RC1', '1.21-x'])
    assert.ok(!isValidGoVersion(version), version);
});

test('goVersionOfToolchain() drops what a distributor appended', () => {
  assert.equal(goVersionOfToolchain('go1.21.3-corp'), '1.21.3');
  assert.equal(goVersionOfToolchain('go1.21rc2 extra'), '1.21rc2');
  for (const name of ['1.21', 'default', 'go1.21/../x', 'gox'])
    assert.equal(goVersionOfToolchain(name), undefined);
});
