import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildOf,
  canonicalVersion,
  compareVersions,
  isValidVersion,
  majorMinorOf,
  majorOf,
  prereleaseOf,
} from './semver.ts';

const ASCENDING = [
  'main',
  'v0.0.0-20190101020304-abcdef123456',
  'v0.0.0',
  'v1.0.0-alpha',
  'v1.0.0-alpha.1',
  'v1.0.0-alpha.beta',
  'v1.0.0-beta.2',
  'v1.0.0-beta.11',
  'v1.0.0-rc.1',
  'v1',
  'v1.2',
  'v1.2.10',
  'v1.10.0',
  'v123456789012345678901234567890.0.0',
];

test('compareVersions() orders by semantic version precedence', () => {
  for (const [left, leftVersion] of ASCENDING.entries()) {
    for (const [right, rightVersion] of ASCENDING.entries()) {
      assert.equal(
        compareVersions(leftVersion, rightVersion),
        Math.sign(left - right),
        `${leftVersion} ${rightVersion}`,
      );
    }
  }
  assert.equal(compareVersions('v1.2.3+a', 'v1.2.3+b'), 0);
  assert.equal(compareVersions('', 'nonsense'), 0);
});

test('isValidVersion() wants a v, no leading zeros and no empty identifiers', () => {
  for (const version of ['v1', 'v1.2', 'v1.2.3', 'v1.2.3-0a.b-c', 'v1.2.3+01', 'v0.0.0'])
    assert.ok(isValidVersion(version));
  for (const version of [
    '',
    '1.2.3',
    'v',
    'v1.',
    'v01',
    'v1.2.3-',
    'v1.2.3-01',
    'v1.2.3-a..b',
    'v1.2.3+',
    'v1-a',
    'v1.2+a',
    'v1.2.3-é',
  ]) {
    assert.ok(!isValidVersion(version), version);
  }
});

test('the parts of a version are text, and empty for an invalid version', () => {
  assert.equal(canonicalVersion('v1'), 'v1.0.0');
  assert.equal(canonicalVersion('v1.2.3-pre+meta'), 'v1.2.3-pre');
  assert.equal(majorOf('v2.1'), 'v2');
  assert.equal(majorMinorOf('v2'), 'v2.0');
  assert.equal(prereleaseOf('v1.2.3-pre+meta'), '-pre');
  assert.equal(buildOf('v1.2.3-pre+meta'), '+meta');
  for (const read of [canonicalVersion, majorOf, majorMinorOf, prereleaseOf, buildOf])
    assert.equal(read('x'), '');
});
