import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  canonicalModuleVersion,
  isPseudoVersion,
  makePseudoVersion,
  pseudoVersionBase,
  pseudoVersionRevision,
  pseudoVersionTime,
} from './pseudo-version.ts';

const TIME = Temporal.Instant.from('2019-01-01T02:03:04Z');

const MADE: readonly (readonly [major: string, older: string, version: string])[] = [
  ['', '', 'v0.0.0-20190101020304-abcdef123456'],
  ['v2', '', 'v2.0.0-20190101020304-abcdef123456'],
  ['v1', 'v1.2.9', 'v1.2.10-0.20190101020304-abcdef123456'],
  ['v1', 'v1.2.3-pre', 'v1.2.3-pre.0.20190101020304-abcdef123456'],
  ['v2', 'v2.3.4+incompatible', 'v2.3.5-0.20190101020304-abcdef123456+incompatible'],
];

test('makePseudoVersion() and the readers of its parts agree', () => {
  for (const [major, older, version] of MADE) {
    assert.equal(makePseudoVersion(major, older, TIME, 'abcdef123456'), version);
    assert.ok(isPseudoVersion(version));
    assert.deepEqual(pseudoVersionBase(version), { ok: true, value: older });
    assert.deepEqual(pseudoVersionRevision(version), { ok: true, value: 'abcdef123456' });
    const time = pseudoVersionTime(version);
    assert.ok(time.ok && time.value.equals(TIME));
  }
});

test('pseudoVersionTime() refuses a time that no calendar has', () => {
  assert.deepEqual(pseudoVersionTime('v0.0.0-20190230020304-abc'), {
    ok: false,
    problem: 'pseudo-version "v0.0.0-20190230020304-abc" invalid: malformed time "20190230020304"',
  });
});

test('pseudoVersionBase() refuses versions that can follow nothing', () => {
  function problemOf(version: string): string {
    const base = pseudoVersionBase(version);
    return base.ok ? '' : base.problem;
  }
  assert.match(problemOf('v1.2.3'), /: syntax error$/);
  assert.match(
    problemOf('v2.0.0-20190101020304-abc+incompatible'),
    /lacks base version, but has build metadata "\+incompatible"$/,
  );
  assert.match(
    problemOf('v1.0.0-0.20190101020304-abc'),
    /version before v1.0.0 would have negative patch number$/,
  );
});

test('canonicalModuleVersion() keeps +incompatible and no other build metadata', () => {
  assert.equal(canonicalModuleVersion('v2+incompatible'), '');
  assert.equal(canonicalModuleVersion('v2.0.0+incompatible'), 'v2.0.0+incompatible');
  assert.equal(canonicalModuleVersion('v2.0.0+meta'), 'v2.0.0');
});
