import assert from 'node:assert/strict';
import { test } from 'node:test';
import { environmentContract } from './environment.contract.ts';
import { readEnvironment } from './read-environment.ts';

environmentContract('readEnvironment()', (variables) =>
  readEnvironment({ ...variables, UNSET: undefined }),
);

test('readEnvironment() reads the variables of the process', () => {
  assert.equal(readEnvironment().get('PATH'), process.env['PATH']);
});
