import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readReportingOptions } from './run-reporting.ts';

const parsers = {
  parseDuration: (text: string): number => Number(text.slice(0, -1)) * 1000,
  parseSize: Number,
};

test('without options only what suits the place happens', () => {
  const read = readReportingOptions({ buildSystem: 'auto' }, parsers);
  assert.deepEqual(
    Object.entries(read).filter(([, value]) => value !== undefined),
    [
      ['logBytes', 16 * 1024 * 1024],
      ['buildSystem', 'auto'],
      ['requiredVariables', []],
      ['credentials', []],
      ['verifyOffline', false],
    ],
  );
});

test('names, sizes and times are read', () => {
  const read = readReportingOptions(
    {
      heartbeat: '30s',
      logSize: '8192',
      buildSystem: 'gitlab',
      requireEnv: ['A', 'B'],
      credential: ['h.example=me:T'],
    },
    parsers,
  );
  assert.equal(read.heartbeatMilliseconds, 30_000);
  assert.equal(read.logBytes, 8192);
  assert.equal(read.buildSystem, 'gitlab');
  assert.deepEqual(read.requiredVariables, ['A', 'B']);
  assert.deepEqual(read.credentials, [{ host: 'h.example', user: 'me', variable: 'T' }]);
  assert.equal(readReportingOptions({ heartbeat: 'off' }, parsers).heartbeatMilliseconds, 'off');
});

test('what makes no sense is wrong usage, and a secret in it is not repeated', () => {
  const cases = [{ heartbeat: '0s' }, { logSize: '1' }, { requireEnv: ['TOKEN=hunter2'] }];
  for (const options of cases) {
    assert.throws(
      () => readReportingOptions(options, parsers),
      (error: Error) => !error.message.includes('hunter2'),
    );
  }
});
