import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProgramError } from '../../platform/index.ts';
import { reasonOfError, reasonOfStatus } from './failure-reason.ts';

function reasonOf(code: string, details: Readonly<Record<string, unknown>> = {}): string {
  return reasonOfError(new ProgramError({ code, kind: 'unavailable', message: 'x', details }));
}

test('a status has one reason, whatever words come with it', () => {
  for (const [status, reason] of [
    [204, 'answered-otherwise'],
    [400, 'answered-4xx'],
    [401, 'answered-401'],
    [403, 'answered-403'],
    [407, 'answered-407'],
    [429, 'answered-429'],
    [451, 'answered-403'],
    [500, 'answered-5xx'],
    [599, 'answered-5xx'],
  ] as const) {
    assert.equal(reasonOfStatus(status), reason);
  }
});

test('an error is known by its code, and by its details where that says too little', () => {
  for (const [code, details, reason] of [
    ['http-dns-failed', { systemCode: 'ENOTFOUND' }, 'name-unknown'],
    ['http-dns-failed', { systemCode: 'EAI_AGAIN' }, 'name-lookup-failed'],
    ['http-dns-failed', { systemCode: 'ENOTFOUND', redirectedFrom: 'a' }, 'redirect-led-nowhere'],
    ['http-connect-failed', { systemCode: 'ECONNREFUSED' }, 'connection-refused'],
    [
      'http-connect-failed',
      { systemCode: 'ECONNREFUSED', redirectedFrom: 'a' },
      'connection-refused',
    ],
    ['http-connect-failed', { systemCode: 'EWHAT' }, 'connect-failed'],
    ['http-connect-failed', { status: 407 }, 'forward-proxy-401'],
    ['http-connect-failed', { status: 403 }, 'forward-proxy-403'],
    ['http-connect-failed', { status: 502 }, 'forward-proxy-5xx'],
    ['http-timeout', { phase: 'connecting' }, 'connect-timeout'],
    ['http-timeout', { phase: 'reading the body' }, 'silent'],
    ['http-timeout', { phase: 'in the TLS handshake' }, 'tls-timeout'],
    ['http-tls-failed', { reason: 'CERT_HAS_EXPIRED' }, 'tls-expired'],
    ['http-tls-failed', { reason: 'EWHAT' }, 'tls-handshake-failed'],
    ['http-body-cut', { systemCode: 'ECONNRESET' }, 'body-cut'],
    ['http-body-cut', { systemCode: 'Z_DATA_ERROR' }, 'body-encoding-broken'],
    ['body-stalled', {}, 'body-stalled'],
    ['http-redirect-refused', {}, 'redirect-refused'],
    ['a-code-of-tomorrow', {}, 'own-failure'],
  ] as const) {
    assert.equal(reasonOf(code, details), reason, `${code} ${JSON.stringify(details)}`);
  }
  assert.equal(reasonOfError(new Error('the fill was given up')), 'own-failure');
});
