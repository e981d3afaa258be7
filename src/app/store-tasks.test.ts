import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../test/support/test-clock.ts';
import { createSystemRandom } from '../platform/adapters.ts';
import { ProgramError } from '../platform/index.ts';
import type { StoreCare, StoreReports } from '../proxy/index.ts';
import { createStoreTasks } from './store-tasks.ts';
import type { RunningStoreTasks } from './store-tasks.ts';

const VERIFIED: StoreReports['verify'] = {
  dryRun: true,
  artifacts: 3,
  bytes: 10,
  damaged: 0,
  repaired: 0,
  isComplete: true,
  findings: [],
};

type Verify = StoreCare['verify'];

function open(verify: Verify): RunningStoreTasks {
  const refuse = async (): Promise<never> => assert.fail('nobody asks for it');
  const others = { stats: refuse, purge: refuse, refresh: refuse };
  const clock = createTestClock('2026-01-01T00:00:00Z');
  return createStoreTasks({
    clock,
    random: createSystemRandom(),
    store: () => ({ ...others, verify, collectGarbage: refuse }),
  });
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

test('a task of the store runs alone, tells how far it is, and keeps its report', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const tasks = open(async ({ dryRun, progress }) => {
    progress?.({ versions: 2, bytes: 7 });
    await promise;
    return { ...VERIFIED, dryRun };
  });
  const begun = tasks.begin('verify', true);
  assert.equal(begun?.state, 'running');
  assert.equal(tasks.begin('gc', false), undefined);
  const { state, versions, bytes } = tasks.find(begun?.id) ?? {};
  assert.deepEqual([state, versions, bytes], ['running', 2, 7]);
  resolve();
  await turn();
  assert.deepEqual(tasks.find(undefined), tasks.find(begun?.id));
  assert.deepEqual(
    [tasks.find(begun?.id)?.state, tasks.find(begun?.id)?.verify],
    ['done', VERIFIED],
  );
  assert.notEqual(tasks.begin('verify', true), undefined);
  await tasks.close();
});

test('a task of the store that fails says why, and the next one may begin', async () => {
  const failures = [
    new ProgramError({ code: 'store-busy', kind: 'conflict', message: 'busy', hint: 'wait' }),
    new Error('oh'),
  ];
  const tasks = open(async () => Promise.reject(failures.shift() ?? assert.fail('a third one')));
  const problems: unknown[] = [];
  for (let count = 0; count < 2; count += 1) {
    const begun = tasks.begin('verify', false);
    await turn();
    problems.push(tasks.find(begun?.id)?.problem);
  }
  assert.deepEqual(problems, [
    { code: 'store-busy', message: 'busy', hint: 'wait' },
    { message: 'Error: oh' },
  ]);
});

test('closing stops the task that runs and waits for it; only the last few are known', async () => {
  const tasks = open(async ({ signal }) => {
    while (!signal.aborted) await turn();
    return { ...VERIFIED, isComplete: false };
  });
  const begun = tasks.begin('verify', false);
  await tasks.close();
  assert.equal(tasks.find(begun?.id)?.verify?.isComplete, false);
  for (let count = 0; count < 4; count += 1) {
    tasks.begin('verify', false);
    await turn();
  }
  assert.equal(tasks.find(begun?.id), undefined);
});
