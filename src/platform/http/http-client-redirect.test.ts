import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failsWith } from '../../../test/support/http-requests.ts';
import { firstHop, nextHop } from './http-client-redirect.ts';

const HEADERS = { authorization: 'Bearer secret', accept: 'text/plain' };

test('nextHop() keeps credentials for the host, its ports and its subdomains, and for nobody else', () => {
  const first = firstHop('https://example.com/a', HEADERS);
  const kept = [
    '/b',
    'https://example.com:8443/',
    'https://sub.example.com/',
    'https://EXAMPLE.com/',
  ];
  const dropped = [
    'https://example.com.evil.test/',
    'https://notexample.com/',
    'https://com/',
    'https://[2001:db8::1]/',
  ];
  for (const location of kept) {
    assert.deepEqual(nextHop(first, first, location).headers, HEADERS, location);
  }
  for (const location of dropped) {
    assert.deepEqual(nextHop(first, first, location).headers, { accept: 'text/plain' }, location);
  }
});

test('nextHop() does not give dropped credentials back when the chain returns', () => {
  const first = firstHop('https://user:secret@example.com/a', {});
  assert.match(first.headers['authorization'] ?? '', /^Basic /);
  const away = nextHop(first, first, 'https://other.test/');
  const back = nextHop(first, away, 'https://example.com/c');
  assert.deepEqual([away.headers, back.headers], [{}, {}]);
});

test('nextHop() takes new credentials only from an https Location', () => {
  const first = firstHop('http://example.com/a', {});
  const hop = nextHop(first, first, 'https://user:pass@other.test/x?y#z');
  assert.equal(hop.url.href, 'https://other.test/x?y');
  assert.equal(
    hop.headers['authorization'],
    `Basic ${Buffer.from('user:pass').toString('base64')}`,
  );
  assert.throws(
    () => nextHop(first, first, 'http://user:secret@other.test/'),
    failsWith('http-redirect-refused', 'clear text'),
  );
});

test('nextHop() escapes bytes outside ASCII as they came', () => {
  const first = firstHop('http://example.com/a', {});
  const location = Buffer.from('/\u00fc?q=\u4e2d', 'utf8').toString('latin1');
  assert.equal(nextHop(first, first, location).url.href, 'http://example.com/%C3%BC?q=%E4%B8%AD');
});

test('nextHop() leads into this machine only from this machine, or where that is allowed', () => {
  const local = [
    'http://127.0.0.1:8080/',
    'http://127.1/',
    'http://2130706433/',
    'http://0.0.0.0/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[fe80::1]/',
    'http://localhost/',
    'http://x.LOCALHOST./',
  ];
  const outside = firstHop('http://mirror.test/a', {});
  const inside = firstHop('http://127.0.0.1:9/a', {});
  for (const location of local) {
    assert.throws(
      () => nextHop(outside, outside, location),
      failsWith('http-redirect-local', 'mirror.test'),
      location,
    );
    assert.ok(nextHop(outside, outside, location, true), location);
    assert.equal(nextHop(inside, inside, location).mustBeElsewhere, false, location);
  }
  // What companies have inside is no secret of this machine.
  for (const location of ['http://10.0.0.1/', 'http://storage.test/', 'http://128.0.0.1/']) {
    assert.equal(nextHop(outside, outside, location).mustBeElsewhere, true, location);
  }
  assert.equal(nextHop(outside, outside, '/b').mustBeElsewhere, false);
});
