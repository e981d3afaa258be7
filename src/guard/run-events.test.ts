import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../test/support/test-clock.ts';
import { createRunRecord } from './run-events.ts';
import type { RunEvent } from './run-events.ts';

test('a record tells each event as it happens and keeps it with its times', async () => {
  const clock = createTestClock();
  const told: RunEvent[] = [];
  const record = createRunRecord(clock, (event) => told.push(event));
  const end = record.begin('download', 2);
  await clock.advance(1500);
  record.stall({ url: 'https://a.example/x', silentMilliseconds: 1000, others: 0 });
  record.retry({ phase: 'download', attempt: 2, waitMilliseconds: 300, because: 'conn-eof' });
  end('failed', 'why');
  end('done');
  const { phases, retries, stalls } = record.history();
  assert.deepEqual(phases, [
    {
      name: 'download',
      attempt: 2,
      startedMilliseconds: 0,
      endedMilliseconds: 1500,
      durationMilliseconds: 1500,
      outcome: 'failed',
      detail: 'why',
    },
  ]);
  assert.equal(retries[0]?.atMilliseconds, 1500);
  assert.equal(stalls[0]?.url, 'https://a.example/x');
  assert.deepEqual(
    told.map(({ kind }) => kind),
    ['phase-begun', 'stall', 'retry', 'phase-ended'],
  );
});
