import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseGoauthOutput } from './goauth-output.ts';

test('parseGoauthOutput() reads blocks of prefixes and headers', () => {
  const blocks = parseGoauthOutput(
    'https://a.example\nhttps://b.example/x\n\nAuthorization: Basic eA==\nX-Token:  t \nx-token: u\n\n' +
      'https://c.example\n\n\n',
  );
  const headers = new Map([
    ['authorization', ['Basic eA==']],
    ['x-token', ['t', 'u']],
  ]);
  assert.deepEqual(blocks, [
    { prefix: 'https://a.example', headers },
    { prefix: 'https://b.example/x', headers },
    { prefix: 'https://c.example', headers: new Map() },
  ]);
});

test('parseGoauthOutput() takes no output as no blocks', () => {
  assert.deepEqual(parseGoauthOutput(''), []);
});

const refused = [
  'https://a.example\n',
  'https://a.example\n\n',
  'https://a.example\n\nA: b',
  'https://a.example\n\nA: b\n',
  'https://a.example\nA: b\n\n',
  'https://a.example\n\nA: b\n B: c\n\n',
  'https://a.example\n\nA:b\n\n',
  'https://a.example\n\n: b\n\n',
  'https://a.example\n\nA: b\u0001c\n\n',
  ' https://a.example\n\nA: b\n\n',
  'a.example\n\nA: b\n\n',
  'https://a.example\r\n\r\nA: b\r\n\r\n',
  'https://a.example:port\n\nA: b\n\n',
];

for (const text of refused) {
  test(`parseGoauthOutput() refuses ${JSON.stringify(text)} as go does`, () => {
    assert.equal(parseGoauthOutput(text), undefined);
  });
}
