import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseModfile } from './parse-modfile.ts';

test('a file with too many words is refused before it fills the memory', () => {
  const file = parseModfile('go.mod', '(\n'.repeat(300_000));
  assert.equal(file.ok ? '' : file.problem, 'go.mod:250001: file has more than 500000 words');
});
