import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNetrc } from './netrc.ts';

function read(text: string): readonly string[] {
  return parseNetrc(text).map(({ machine, login, password }) => `${machine} ${login} ${password}`);
}

test('parseNetrc() reads entries on one line, over several lines and in any order after the machine', () => {
  assert.deepEqual(
    read(
      'machine a.example login u password p\nmachine b.example:8443\n\tpassword q\n\n\tlogin v\r\n',
    ),
    ['a.example u p', 'b.example:8443 v q'],
  );
});

test('parseNetrc() keeps both entries of one machine, in their order', () => {
  assert.deepEqual(read('machine a login u password p\nmachine a login v password q\n'), [
    'a u p',
    'a v q',
  ]);
});

test('parseNetrc() forgets an entry without login or password at the next machine', () => {
  assert.deepEqual(
    read('machine a login u\nmachine b password p\nmachine c login u password p\nlogin x\n'),
    ['c u p'],
  );
});

test('parseNetrc() skips a macro up to the empty line, also when the same line goes on', () => {
  assert.deepEqual(
    read(
      'machine a macdef m login u password p\n  login x\n  password y\n\nmachine b login u password p',
    ),
    ['a u p', 'b u p'],
  );
});

test('parseNetrc() ends at a lone default, and passes over a default with a login in its line', () => {
  assert.deepEqual(read('default\nmachine a login u password p\n'), []);
  assert.deepEqual(read('default login x password y\nmachine a login u password p\n'), ['a u p']);
});

test('parseNetrc() passes over accounts and unknown words with their value', () => {
  assert.deepEqual(read('machine a account z login u # password password p\n'), ['a u p']);
});

test('parseNetrc() keeps the bytes of a password that is not ASCII', () => {
  const text = Buffer.from('machine a login u password pä\u00e5ß\n', 'utf8').toString('latin1');
  const [entry] = parseNetrc(text);
  assert.equal(Buffer.from(entry?.password ?? '', 'latin1').toString('utf8'), 'pä\u00e5ß');
});
