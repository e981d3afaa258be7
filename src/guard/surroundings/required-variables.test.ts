import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRequiredVariables } from './required-variables.ts';

test('all that is missing is named at once, empty ones apart', () => {
  const environment = { A: 'x', B: '' };
  checkRequiredVariables(environment, ['A']);
  checkRequiredVariables(environment, []);
  assert.throws(() => checkRequiredVariables(environment, ['A', 'B', 'C']), {
    code: 'variable-missing',
    message: 'the command was not started: B is empty, C is not set, and --require-env wants them',
  });
});
