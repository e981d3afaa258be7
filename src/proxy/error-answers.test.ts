import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeFailures, missing, recordedCause } from './error-answers.ts';
import { failed } from './upstream/index.ts';
import type { Failed } from './upstream/index.ts';

function answered(name: string, status: number, words: readonly string[]): Failed {
  return {
    ...failed(
      name,
      { kind: 'unavailable', reason: 'answered-5xx', message: `${name} answered ${status}` },
      status,
    ),
    speaker: { name: new URL(name).host, isRedirected: false, words },
  };
}

test('the record of a failure holds the words of the upstream, marked as its', () => {
  const refusal = describeFailures('the zip of m.test', [
    answered('https://a.test', 403, ['blocked: CVE-1', 'ask security']),
  ]);
  assert.equal(
    recordedCause(refusal),
    'the zip of m.test could not be fetched: https://a.test answered 403; a.test said: blocked: CVE-1 / ask security',
  );
});

test('of many upstreams two speak, that of the decisive failure first', () => {
  const refusal = describeFailures('it', [
    answered('https://a.test', 403, ['one']),
    answered('https://b.test', 403, []),
    answered('https://c.test', 403, ['three']),
    answered('https://d.test', 503, ['four']),
  ]);
  assert.deepEqual(refusal.said, [
    { by: 'd.test', words: ['four'] },
    { by: 'a.test', words: ['one'] },
  ]);
  assert.equal(refusal.status, 503);
  assert.match(refusal.cause, /d\.test answered 503$/u);
  assert.deepEqual(
    refusal.tried,
    ['a', 'b', 'c'].map((name) => `tried https://${name}.test answered 403`),
  );
});

test('the status of the answer says whether waiting may help', () => {
  const cases = [
    [400, 502],
    [401, 502],
    [403, 502],
    [429, 503],
    [500, 502],
    [503, 503],
  ] as const;
  for (const [theirs, ours] of cases) {
    assert.equal(describeFailures('it', [answered('https://a.test', theirs, [])]).status, ours);
  }
  assert.equal(
    describeFailures('it', [
      failed('a', { kind: 'timeout', reason: 'silent', message: 'a was silent' }),
    ]).status,
    504,
  );
});

test('what is missing is said with the reason why nobody is asked', () => {
  const cases = [
    ['cached-only', 404, /asked for no fetch/u, /ordinary base/u],
    ['private', 404, /--private\)/u, /--private-upstream, .*GOPRIVATE/u],
    ['unserved', 404, /--upstream names nobody/u, /--upstream, or set GOPROXY/u],
    ['offline', 503, /--offline/u, /--offline/u],
  ] as const;
  for (const [reach, status, cause, next] of cases) {
    const refusal = missing('it', reach);
    assert.equal(refusal.status, status);
    assert.match(refusal.cause, cause);
    assert.match(refusal.next, next);
  }
});
