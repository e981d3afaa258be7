import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adviseOn } from './advice.ts';
import { failed } from './answer.ts';
import type { Failed } from './answer.ts';

const NAME = 'https://proxy.example.com';
const HOST = 'proxy.example.com';

function answered(status: number, retryAfterSeconds?: number): Failed {
  const message = `${NAME} answered ${status}`;
  return {
    ...failed(
      NAME,
      { kind: 'unavailable', reason: 'answered-5xx', message },
      status,
      retryAfterSeconds,
    ),
    speaker: { name: HOST, isRedirected: false, words: [] },
  };
}

function redirected(status: number): Failed {
  return {
    ...answered(status),
    speaker: { name: 'storage.test', isRedirected: true, words: [] },
  };
}

function nextOf(...failures: readonly Failed[]): string {
  return adviseOn(failures).next;
}

test('each status has its own next step', () => {
  const cases = [
    [400, /refuses this request itself/u],
    [401, /must set or renew them \(netrc or GOAUTH\)/u],
    [403, /a policy, a missing right or a block of this network/u],
    [407, /a forward proxy on the way/u],
    [418, /refuses this request itself/u],
    [429, /try again in a while; whoever runs this proxy can ask it for a higher limit/u],
    [451, /legal reasons/u],
    [501, /check the address/u],
    [503, /try again in a while; if it stays so, ask whoever runs proxy/u],
    [511, /login/u],
  ] as const;
  for (const [status, step] of cases) assert.match(nextOf(answered(status)), step, String(status));
  assert.match(nextOf(answered(429, 30)), /try again in 30 s/u);
});

test('trying again is advised exactly where it may help', () => {
  for (const status of [408, 425, 429, 500, 502, 503, 504, 521]) {
    assert.match(nextOf(answered(status)), /try again/u, String(status));
  }
  for (const status of [204, 302, 400, 401, 402, 403, 405, 407, 414, 422, 451, 501, 505, 511]) {
    assert.doesNotMatch(nextOf(answered(status)), /try again/u, String(status));
  }
});

test('a refusal after a redirect is the business of the host that answered', () => {
  assert.match(nextOf(redirected(403)), /^storage\.test must be allowed too, as https:\/\/proxy/u);
  assert.match(nextOf(redirected(401)), /^storage\.test wants credentials, which do not follow/u);
});

test('credentials are not advised where none are ever sent', () => {
  const plain = { ...answered(401), upstream: `http://${HOST}` };
  assert.match(nextOf(plain), /over https only/u);
});

test('of several failures one that may pass decides, else the one that somebody must mend', () => {
  const silent = failed('b', { kind: 'timeout', reason: 'silent', message: 'b was silent' });
  const wrong = failed('c', {
    kind: 'invalid',
    reason: 'mod-malformed',
    message: 'c sent a web page',
  });
  assert.equal(adviseOn([answered(403), silent]).failure, silent);
  assert.equal(adviseOn([answered(403), wrong]).failure?.status, 403);
  assert.match(nextOf(wrong), /a failure, not an absence: try again/u);
  assert.deepEqual(adviseOn([]).failure, undefined);
});

test('where the error knows what to mend, that is the next step', () => {
  const failure = {
    ...failed('a', { kind: 'invalid', reason: 'tls-unknown-issuer', message: 'a: no trust' }),
    hint: 'Check the certificate.',
  };
  assert.equal(nextOf(failure), 'for whoever runs this proxy: Check the certificate.');
});

test('with a usual name each step fits into its line of the answer', () => {
  for (const status of [400, 401, 403, 407, 429, 451, 500, 501, 511]) {
    for (const failure of [answered(status), redirected(status)]) {
      assert.ok(Buffer.byteLength(nextOf(failure)) <= 200, `${status}: ${nextOf(failure)}`);
    }
  }
});
