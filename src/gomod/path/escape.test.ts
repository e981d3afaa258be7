import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapePath, escapeVersion, unescapePath, unescapeVersion } from './escape.ts';

test('escapePath() marks upper-case letters and unescapePath() takes the marks away', () => {
  assert.deepEqual(escapePath('github.com/Azure/SDK'), {
    ok: true,
    value: 'github.com/!azure/!s!d!k',
  });
  assert.deepEqual(unescapePath('github.com/!azure/!s!d!k'), {
    ok: true,
    value: 'github.com/Azure/SDK',
  });
});

test('unescapePath() refuses upper case, characters beyond ASCII and a stray mark', () => {
  for (const escaped of [
    'github.com/Azure',
    'github.com/!Azure',
    'github.com/a!',
    'github.com/a!1',
    'github.com/é',
  ]) {
    assert.deepEqual(unescapePath(escaped), {
      ok: false,
      problem: `invalid escaped module path "${escaped}"`,
    });
  }
});

test('unescapePath() refuses what unescapes to no module path', () => {
  assert.deepEqual(unescapePath('../x'), {
    ok: false,
    problem:
      'invalid escaped module path "../x": malformed module path "../x": invalid path element ".."',
  });
});

test('escapeVersion() takes branch names but neither slashes nor marks', () => {
  assert.deepEqual(escapeVersion('v1.0.0-RC1'), { ok: true, value: 'v1.0.0-!r!c1' });
  assert.deepEqual(escapeVersion('feature/x'), {
    ok: false,
    problem: 'version "feature/x" invalid: disallowed version string',
  });
  assert.equal(escapeVersion('a!b').ok, false);
  assert.equal(escapeVersion('é').ok, false);
});

test('unescapeVersion() says which element rule is broken', () => {
  assert.deepEqual(unescapeVersion('v1.0.0-!r!c1'), { ok: true, value: 'v1.0.0-RC1' });
  assert.deepEqual(unescapeVersion('a/b'), {
    ok: false,
    problem: `invalid escaped version "a/b": invalid char '/'`,
  });
});
