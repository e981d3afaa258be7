import assert from 'node:assert/strict';
import { test } from 'node:test';
import { basicHeaders, createCredentialTable } from './credential-table.ts';

test('find() takes the longest prefix that ends at a slash', () => {
  const table = createCredentialTable();
  const host = basicHeaders('host', 'p');
  const folder = basicHeaders('folder', 'p');
  table.store('a.example', host);
  table.store('https://a.example/x/', folder);
  assert.equal(table.find('https://a.example/x/y/@v/list'), folder);
  assert.equal(table.find('https://a.example/x'), folder);
  assert.equal(table.find('https://a.example/xy'), host);
  assert.equal(table.find('https://a.example/'), host);
});

test('find() gives nothing to a host that only looks alike', () => {
  const table = createCredentialTable();
  table.store('a.example', basicHeaders('u', 'p'));
  for (const url of [
    'https://a.example.evil/',
    'https://a.example:8443/',
    'https://user@a.example/',
    'https://evil/?/../a.example/',
    'https://evil/a.example',
    'http://a.example/',
  ]) {
    assert.equal(table.find(url), undefined, url);
  }
});

test('store() without headers takes the credentials of a prefix away', () => {
  const table = createCredentialTable();
  table.store('a.example', basicHeaders('u', 'p'));
  table.store('https://a.example/', new Map());
  assert.equal(table.find('https://a.example/x'), undefined);
});

test('basicHeaders() encodes login and password', () => {
  assert.deepEqual(
    [...basicHeaders('aladdin', 'opensesame')],
    [['authorization', ['Basic YWxhZGRpbjpvcGVuc2VzYW1l']]],
  );
});
