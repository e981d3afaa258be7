import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeOf } from './exit-codes.ts';
import { formatRunSummary } from './run-summary.ts';

const engine = {
  modules: 271,
  files: 791,
  bytesServed: 231_400_000,
  bytesFetched: 999_600,
  upstreamRequests: 1,
  retries: 1,
  failures: 0,
};

test('formatRunSummary() fits on one line and speaks of one and of many', () => {
  assert.equal(
    formatRunSummary(engine, 4210),
    '271 modules (231 MB), 1 upstream request (1.0 MB), 1 retry, 4.2 s',
  );
  assert.equal(
    formatRunSummary(
      {
        ...engine,
        modules: 1,
        bytesServed: 12,
        bytesFetched: 0,
        upstreamRequests: 0,
        retries: 2,
        failures: 3,
      },
      125_000,
    ),
    '1 module (12 B), 0 upstream requests (0 B), 2 retries, 3 failures, 2 min 5 s',
  );
});

test('exitCodeOf() passes codes through and adds 128 to the number of a signal', () => {
  assert.equal(exitCodeOf({ code: 0, signal: undefined }), 0);
  assert.equal(exitCodeOf({ code: 255, signal: undefined }), 255);
  assert.equal(exitCodeOf({ code: undefined, signal: 'SIGTERM' }), 143);
  assert.equal(exitCodeOf({ code: undefined, signal: 'SIGKILL' }), 137);
  assert.equal(exitCodeOf({ code: undefined, signal: undefined }), 125);
});
