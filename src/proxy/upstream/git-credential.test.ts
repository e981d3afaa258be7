import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseGitCredential } from './git-credential.ts';

test('parseGitCredential() reads the parts that git prints', () => {
  assert.deepEqual(
    parseGitCredential('protocol=https\nhost=a.example:8443\npath=x/y\nusername=u\npassword=p=q\n'),
    { prefix: 'https://a.example:8443/x/y', username: 'u', password: 'p=q' },
  );
});

test('parseGitCredential() lets a valid url stand for all parts and passes over a broken one', () => {
  const start = 'protocol=https\nhost=a.example\nusername=u\npassword=p\n';
  assert.equal(
    parseGitCredential(`${start}url=https://b.example/z\n`).prefix,
    'https://b.example/z',
  );
  assert.equal(parseGitCredential(`${start}url=nonsense\n`).prefix, 'https://a.example');
});

test('parseGitCredential() gives an empty prefix where no host is told', () => {
  assert.equal(parseGitCredential('').prefix, '');
  assert.equal(parseGitCredential('protocol=https\nusername=u\n').prefix, '');
});
