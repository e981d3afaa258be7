import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dropSplitSecret, hideInWords, secretsSent } from './hide-words.ts';

function basic(pair: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

test('what a request carried is hidden in each of its forms, the user name is not', () => {
  const secrets = secretsSent('https://alice:s3c%2Fret@proxy.test/go', basic('bob:other:word'));
  const pair = Buffer.from('alice:s3c/ret').toString('base64');
  for (const form of ['s3c/ret', 's3c%2Fret', pair, 'other:word', basic('bob:other:word')]) {
    const text = typeof form === 'string' ? form : (form['authorization'] ?? '');
    const shown = hideInWords(`alice may not read (${text})`, secrets);
    assert.match(shown, /^alice may not read \((?:Basic )?\[hidden\]\)$/u, text);
  }
});

test('a user name without a password is a token, and so is each other header of GOAUTH', () => {
  const secrets = secretsSent('https://opaque77@proxy.test', {
    authorization: 'Bearer plainwords',
    'private-token': 'abcdefghij',
    cookie: 'session=0123456789; Path=/',
  });
  const shown = hideInWords('opaque77 plainwords abcdefghij 0123456789 Path', secrets);
  assert.equal(shown, '[hidden] [hidden] [hidden] [hidden] Path');
  assert.deepEqual(secretsSent('https://proxy.test', {}), []);
});

test("what looks like somebody else's secret is hidden as well", () => {
  const cases = [
    ['see https://u:pw@h.test/a?sig=1', 'see https://h.test/a'],
    ['Authorization: Basic dTpwdzEyMzQ1', 'Authorization: Basic [hidden]'],
    ['jwt eyJhbGciOiJI.eyJzdWIi.c2ln ended', 'jwt [hidden] ended'],
    ['api_key=abc123456 is wrong', 'api_key=[hidden] is wrong'],
    ['m.test@v0.0.0-20200101000000-abcdefabcdef', undefined],
  ] as const;
  for (const [text, hidden] of cases) assert.equal(hideInWords(text, []), hidden ?? text);
});

test('the start of a secret at the end of a text that was cut is dropped', () => {
  const secrets = ['correcthorse', 'battery'];
  assert.equal(dropSplitSecret('it is correctho', secrets), 'it is ');
  assert.equal(dropSplitSecret('it is fine!', secrets), 'it is fine!');
});

test('hiding stays fast on hostile text', () => {
  const started = performance.now();
  for (const piece of ['eyJ-', 'token=', 'a-', 'basic ', 'bearer 1', 'https://a@', 'gho_']) {
    hideInWords(piece.repeat(8192 / piece.length), ['x'.repeat(4000)]);
    dropSplitSecret(piece.repeat(8192 / piece.length), [piece.repeat(1000)]);
  }
  assert.ok(performance.now() - started < 1000);
});
