import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { hash1, hashGoMod } from './hash.ts';
import { formatSumfile, parseSumfile } from './sumfile.ts';

const EMPTY_SHA256 = createHash('sha256').digest();

test('parseSumfile() gives entries their lines and keeps malformed lines apart', () => {
  const { entries, problems } = parseSumfile(
    'go.sum',
    'a.b/c v1.0.0 h1:A=\n\nbroken line\na.b/c v1.0.0/go.mod h1:B=',
  );
  assert.deepEqual(entries, [
    { path: 'a.b/c', version: 'v1.0.0', hash: 'h1:A=', line: 1 },
    { path: 'a.b/c', version: 'v1.0.0/go.mod', hash: 'h1:B=', line: 4 },
  ]);
  assert.deepEqual(problems, [
    { line: 3, message: 'malformed go.sum:\ngo.sum:3: wrong number of fields 2' },
  ]);
});

test('parseSumfile() passes over the hash of an empty go.mod, as Go does', () => {
  const { entries } = parseSumfile(
    'go.sum',
    `a.b/c v1.0.0/go.mod ${hashGoMod(new Uint8Array())}\n`,
  );
  assert.deepEqual(entries, []);
});

test('formatSumfile() sorts by path, version and file and writes no line twice', () => {
  const lines = [
    'a.b/c v1.10.0 h1:A=',
    'a.b/c v1.9.0/go.mod h1:A=',
    'a.b/c v1.9.0 h1:A=',
    'a.b/C v1.0.0 h1:A=',
    'a.b/c v1.9.0 h1:A=',
  ];
  const sorted =
    'a.b/C v1.0.0 h1:A=\na.b/c v1.9.0 h1:A=\na.b/c v1.9.0/go.mod h1:A=\na.b/c v1.10.0 h1:A=\n';
  assert.equal(formatSumfile(parseSumfile('go.sum', lines.join('\n')).entries), sorted);
});

test('hash1() takes entries in any order and digests as bytes or hex', () => {
  const entries = [
    { name: 'm@v1/b', sha256: EMPTY_SHA256 },
    { name: 'm@v1/a', sha256: EMPTY_SHA256.toString('hex') },
  ];
  const hash = hash1(entries);
  assert.deepEqual(hash, hash1(entries.toReversed()));
  assert.match(hash.ok ? hash.value : '', /^h1:[A-Za-z0-9+/]{43}=$/);
  assert.deepEqual(hash1([{ name: 'go.mod', sha256: EMPTY_SHA256 }]), {
    ok: true,
    value: hashGoMod(new Uint8Array()),
  });
});

test('hash1() refuses a line break in a name, which would forge a line', () => {
  assert.deepEqual(hash1([{ name: 'a\nb', sha256: EMPTY_SHA256 }]), {
    ok: false,
    problem: 'dirhash: filenames with newlines are not supported',
  });
});
