import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCertainAbsence } from './answer.ts';

test('isCertainAbsence() believes an absence unless its text tells of trouble', () => {
  for (const text of [
    '',
    'not found: rsc.io/none@v1.0.0: invalid version: unknown revision v1.0.0\n',
    'not found: module m.test: no matching versions for query "latest"',
    'gone: blocked by policy',
  ]) {
    assert.equal(isCertainAbsence(text), true, text);
  }
  for (const text of [
    'not found: m.test@v1.0.0: fetch timed out',
    'not found: Get "https://m.test": dial tcp: lookup m.test: no such host',
    'not found: dial tcp 192.0.2.1:443: connect: connection refused',
    'read: connection reset by peer',
    'net/http: TLS handshake timeout',
    'context deadline exceeded',
    'unexpected EOF',
    'remote: Too Many Requests',
  ]) {
    assert.equal(isCertainAbsence(text), false, text);
  }
});
