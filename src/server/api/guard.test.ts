import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseUnsafe } from './guard.ts';

interface Asked {
  readonly method?: string;
  readonly client?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function isRefused({ method = 'GET', client = '127.0.0.1', headers = {} }: Asked): boolean {
  const all: Readonly<Record<string, string>> = { host: '127.0.0.1:8080', ...headers };
  return refuseUnsafe({ method, client, header: (name) => all[name] }) !== undefined;
}

test('refuseUnsafe() lets programs on this machine read and change', () => {
  for (const host of ['127.0.0.1:8080', 'localhost', '[::1]:8080', 'LOCALHOST:1', 'a.localhost']) {
    assert.equal(isRefused({ headers: { host } }), false, host);
    assert.equal(isRefused({ method: 'POST', headers: { host } }), false, host);
  }
  for (const client of ['::1', '::ffff:127.0.0.1', '127.9.9.9']) {
    assert.equal(isRefused({ method: 'POST', client }), false, client);
  }
});

test('refuseUnsafe() lets other machines read by any name, and change nothing', () => {
  const headers = { host: 'goproxy.example.test' };
  assert.equal(isRefused({ client: '192.0.2.7', headers }), false);
  for (const client of ['192.0.2.7', '2001:db8::1', '::ffff:192.0.2.7', '127.0.0.1.example.test']) {
    assert.equal(isRefused({ method: 'POST', client }), true, client);
    assert.equal(isRefused({ method: 'DELETE', client, headers }), true, client);
  }
});

test('refuseUnsafe() refuses a name that was pointed at this machine', () => {
  for (const host of [
    'evil.example.test',
    '127.0.0.1.example.test',
    'localhost.example.test',
    '',
  ]) {
    assert.equal(isRefused({ headers: { host } }), true, host);
    assert.equal(isRefused({ method: 'POST', headers: { host } }), true, host);
  }
});

test('refuseUnsafe() refuses what a page of another site sends', () => {
  assert.equal(isRefused({ headers: { 'sec-fetch-site': 'cross-site' } }), true);
  assert.equal(isRefused({ headers: { 'sec-fetch-site': 'same-site' } }), true);
  assert.equal(isRefused({ headers: { origin: 'https://evil.example.test' } }), true);
  assert.equal(isRefused({ headers: { origin: 'null' } }), true);
  assert.equal(isRefused({ headers: { origin: 'http://127.0.0.1:9999' } }), true);
  assert.equal(isRefused({ headers: { 'sec-fetch-site': 'none' } }), false);
  assert.equal(isRefused({ method: 'POST', headers: { 'sec-fetch-site': 'none' } }), true);
});

test('refuseUnsafe() lets a page of this server read and change', () => {
  const headers = { origin: 'http://127.0.0.1:8080', 'sec-fetch-site': 'same-origin' };
  assert.equal(isRefused({ headers }), false);
  assert.equal(isRefused({ method: 'POST', headers }), false);
});

test('refuseUnsafe() takes no change that somebody forwarded, and none from nobody', () => {
  for (const name of ['forwarded', 'x-forwarded-for', 'via']) {
    assert.equal(isRefused({ method: 'POST', headers: { [name]: '1' } }), true, name);
    assert.equal(isRefused({ headers: { [name]: '1' } }), false, name);
  }
  const header = (name: string): string | undefined => (name === 'host' ? 'localhost' : undefined);
  assert.notEqual(refuseUnsafe({ method: 'POST', client: undefined, header }), undefined);
});
