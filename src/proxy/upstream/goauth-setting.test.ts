import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProgramError } from '../../platform/index.ts';
import { parseGoauth } from './goauth-setting.ts';

test('parseGoauth() reads methods in their order', () => {
  assert.deepEqual(parseGoauth('netrc; git /srv/work ;helper --key "a b" \'c"d\''), [
    { kind: 'netrc' },
    { kind: 'git', directory: '/srv/work' },
    { kind: 'command', words: ['helper', '--key', 'a b', 'c"d'] },
  ]);
});

test('parseGoauth() takes an empty value as netrc and off as nothing', () => {
  assert.deepEqual(parseGoauth(''), [{ kind: 'netrc' }]);
  assert.deepEqual(parseGoauth(' off '), []);
});

for (const text of [
  'off;netrc',
  'netrc;',
  ';',
  'git',
  'git relative',
  'git /a /b',
  'helper "open',
]) {
  test(`parseGoauth() refuses ${JSON.stringify(text)} as go does`, () => {
    assert.throws(
      () => parseGoauth(text),
      (error) => isProgramError(error) && error.code === 'goauth-invalid',
    );
  });
}

test('parseGoauth() tells no argument of a command in its error', () => {
  assert.throws(
    () => parseGoauth('helper --token=hunter2 "'),
    (error) => isProgramError(error) && !error.message.includes('hunter2'),
  );
});
