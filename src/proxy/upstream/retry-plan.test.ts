import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WALK_LIMITS } from '../proxy-limits.ts';
import { failed } from './answer.ts';
import { mayPass, retryDelay } from './retry-plan.ts';

const BUSY = failed(
  'a',
  { kind: 'unavailable', reason: 'answered-5xx', message: 'a answered 503' },
  503,
);
const WRONG = failed('a', {
  kind: 'invalid',
  reason: 'mod-malformed',
  message: 'a sent a web page',
});

test('waits are a random share of a time that doubles up to a cap', () => {
  const longest = [1, 2, 3, 4, 5, 6, 11].map((failures) =>
    retryDelay(WALK_LIMITS, BUSY, 'answer', failures, 1),
  );
  assert.deepEqual(longest, [200, 400, 800, 1600, 2000, 2000, 2000]);
  assert.equal(retryDelay(WALK_LIMITS, BUSY, 'answer', 4, 0.25), 400);
  assert.equal(retryDelay(WALK_LIMITS, BUSY, 'answer', 12, 1), undefined);
});

test('Retry-After is waited for up to a cap, with the jitter on top', () => {
  const soon = failed(
    'a',
    { kind: 'unavailable', reason: 'answered-429', message: 'busy' },
    429,
    1,
  );
  assert.equal(retryDelay(WALK_LIMITS, soon, 'answer', 1, 0.5), 1100);
  const late = failed(
    'a',
    { kind: 'unavailable', reason: 'answered-429', message: 'busy' },
    429,
    3600,
  );
  assert.equal(
    retryDelay(WALK_LIMITS, late, 'answer', 1, 0),
    WALK_LIMITS.retryAfterCapMilliseconds,
  );
});

test('wrong content is tried again soon, and less often', () => {
  assert.equal(retryDelay(WALK_LIMITS, WRONG, 'content', 1, 1), 100);
  assert.equal(retryDelay(WALK_LIMITS, WRONG, 'content', 5, 1), undefined);
});

test('what stays the same is not tried again', () => {
  for (const status of [400, 401, 403, 501]) {
    assert.equal(
      mayPass(
        failed('a', { kind: 'unavailable', reason: 'answered-5xx', message: '' }, status),
        'answer',
      ),
      false,
      String(status),
    );
  }
  for (const status of [408, 429, 500, 502, 503, 504]) {
    assert.equal(
      mayPass(
        failed('a', { kind: 'unavailable', reason: 'answered-5xx', message: '' }, status),
        'answer',
      ),
      true,
      String(status),
    );
  }
  assert.equal(
    mayPass(failed('a', { kind: 'offline', reason: 'offline', message: '' }), 'answer'),
    false,
  );
  assert.equal(mayPass(WRONG, 'answer'), false);
});
