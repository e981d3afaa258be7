import assert from 'node:assert/strict';
import { lookup } from 'node:dns/promises';
import { test } from 'node:test';
import { failsWith } from '../../../test/support/http-requests.ts';
import { afterRedirect, dialFailed, timedOut } from './http-client-errors.ts';

test('dialFailed() tells a name that does not resolve from a place that does not answer', async () => {
  const unknownName: unknown = await lookup('nowhere.invalid').catch((error: unknown) => error);
  const attempts = new AggregateError([
    Object.assign(new Error('one'), { code: 'ENETUNREACH' }),
    Object.assign(new Error('two'), { code: 'ECONNREFUSED' }),
  ]);
  const where = 'nowhere.invalid:443';
  assert.ok(failsWith('http-dns-failed', where)(dialFailed(where, unknownName)));
  assert.ok(failsWith('http-connect-failed', where, 'refused')(dialFailed(where, attempts)));
});

test('afterRedirect() tells whose redirect led there, and leaves what is not of the way alone', () => {
  const error = afterRedirect(timedOut('login.test:443', 'connecting', 5000), 'mirror.test');
  assert.ok(
    failsWith('http-timeout', 'a redirect from mirror.test leads nowhere', 'login.test')(error),
  );
  const given = new Error('given up');
  assert.equal(afterRedirect(given, 'mirror.test'), given);
});
