import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMasker } from './masker.ts';

const environment = {
  DEPLOY_TOKEN: 'hunter2-hunter2',
  DB_PASSWORD: 'pa ss/word',
  SIGNING_KEY: 'line-one-of-the-key-x\nline-two-of-the-key-y',
  USE_TOKEN: 'true',
  TOKEN_COUNT: '12',
  TOKEN_FILE: '/run/secrets/token',
  PLAIN: 'visible-value',
};

test('values of variables that are named like secrets are hidden wherever they stand', () => {
  const { mask } = createMasker(environment);
  assert.equal(mask('a hunter2-hunter2 b'), 'a [hidden] b');
  assert.equal(mask('x=pa%20ss%2Fword;'), 'x=[hidden];');
  assert.equal(mask(Buffer.from('hunter2-hunter2').toString('base64')), '[hidden]');
  assert.equal(mask('2: line-two-of-the-key-y'), '2: [hidden]');
});

test('values that are none stay', () => {
  const { mask } = createMasker(environment);
  const text = 'true 12 /run/secrets/token visible-value';
  assert.equal(mask(text), text);
});

test('a value is hidden whatever its variable is called, when it is known to be a secret', () => {
  assert.equal(createMasker({}, ['abc']).mask('xabcx'), 'x[hidden]x');
});

test('the longer of two secrets goes first', () => {
  const { mask } = createMasker({ A_TOKEN: 'secret', B_TOKEN: 'secret-and-more' });
  assert.equal(mask('secret-and-more secret'), '[hidden] [hidden]');
});

test('what looks like a secret is hidden, and the rest stays byte for byte', () => {
  const { mask } = createMasker({});
  const escapes = '\u001B[31mred\u001B[0m\t::error::x\r\n';
  assert.equal(mask(escapes), escapes);
  assert.equal(mask('https://me:pass@h.example/x'), 'https://[hidden]@h.example/x');
});

test('our own lines carry no command', () => {
  const { tell } = createMasker({});
  assert.equal(tell('a\u001B[31m\t::error::x'), 'a [31m : :error::x');
});
