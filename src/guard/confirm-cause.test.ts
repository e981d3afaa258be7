import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createQuietLogger, createSystemClock } from '../platform/adapters.ts';
import type { Finding } from '../finding/index.ts';
import { confirmCause } from './confirm-cause.ts';
import { tellConfirmation, withCheck } from './confirmation.ts';
import type { LookAgain } from './confirmation.ts';
import type { RunContext, RunEnding } from './run-context.ts';

const ROOT: Finding = {
  code: 'proxy-5xx',
  title: 'the proxy failed',
  explanation: '',
  severity: 'error',
  confidence: 1,
  evidence: [],
  dependsOn: [],
  checked: 'not-checked',
};
const FAILED: RunEnding = {
  exitCode: 1,
  isOwn: true,
  report: { findings: [ROOT], text: 'why', exitCode: undefined },
};
const SEEN = { state: 'confirmed', proof: 'status 503' } as const;

interface Given {
  readonly lookAgain?: LookAgain | undefined;
  readonly stopped?: AbortController;
  readonly timeoutMilliseconds?: number;
  readonly passed?: object;
}

/** The parts of a run that the look needs. */
function runOf({ lookAgain, stopped, timeoutMilliseconds, passed }: Given): RunContext {
  return {
    needs: { clock: createSystemClock(), logger: createQuietLogger(), lookAgain },
    options: { directory: '/x', timeoutMilliseconds },
    command: ['go', 'build', '-C', 'sub'],
    inbox: { stopped: (stopped ?? new AbortController()).signal },
    limits: { passed },
    record: { elapsed: () => 1000 },
  } as unknown as RunContext;
}

test('the root is looked at in the directory of the command, and told with its proof', async () => {
  const asked: unknown[] = [];
  const lookAgain: LookAgain = async (finding, directory) => {
    asked.push(finding.code, directory);
    return SEEN;
  };
  const confirmation = await confirmCause(runOf({ lookAgain }), FAILED);
  assert.deepEqual(asked, ['proxy-5xx', '/x/sub']);
  assert.equal(confirmation?.id, 'proxy-5xx');
  assert.ok(confirmation);
  assert.equal(tellConfirmation(confirmation), 'confirmed now: status 503');
  assert.equal(
    tellConfirmation({ ...confirmation, state: 'not-seen' }),
    'not seen any more: status 503',
  );
  assert.equal(withCheck([ROOT], confirmation)[0]?.checked, 'yes');
  assert.equal(withCheck([ROOT], { ...confirmation, state: 'not-seen' })[0]?.checked, 'no');
  assert.equal(withCheck([ROOT], undefined)[0]?.checked, 'not-checked');
});

test('nobody looks after an interruption, a limit, a failure of our own, or without a cause', async () => {
  let looks = 0;
  const lookAgain: LookAgain = async () => {
    looks += 1;
    return SEEN;
  };
  const stopped = new AbortController();
  stopped.abort();
  const cases: readonly (readonly [Given, RunEnding])[] = [
    [{}, { ...FAILED, stopAsked: true }],
    [{ stopped }, FAILED],
    [{ passed: {} }, FAILED],
    [{ timeoutMilliseconds: 900 }, FAILED],
    [{}, { ...FAILED, isOwn: false }],
    [{}, { ...FAILED, report: undefined }],
  ];
  for (const [given, ending] of cases) {
    assert.equal(await confirmCause(runOf({ lookAgain, ...given }), ending), undefined);
  }
  assert.equal(await confirmCause(runOf({}), FAILED), undefined);
  assert.equal(looks, 0);
});

test('a look that listens to nobody ends at the limit or with the next signal, and one that fails is no failure', async () => {
  const deaf: LookAgain = async () => new Promise(() => undefined);
  const late = runOf({ lookAgain: deaf, timeoutMilliseconds: 1030 });
  assert.equal(await confirmCause(late, FAILED), undefined);
  const stopped = new AbortController();
  const waiting = confirmCause(runOf({ lookAgain: deaf, stopped }), FAILED);
  stopped.abort();
  assert.equal(await waiting, undefined);
  const broken: LookAgain = async () => {
    throw new Error('no network at all');
  };
  assert.equal(await confirmCause(runOf({ lookAgain: broken }), FAILED), undefined);
});
