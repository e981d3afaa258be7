import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../../test/support/test-clock.ts';
import { createQuietLogger } from '../../platform/adapters.ts';
import type { PendingFact } from '../facts/index.ts';
import type { Evidence } from './evidence.ts';
import { createPendingCheck } from './pending-check.ts';

const FACT: PendingFact = {
  key: 'm.test/x/@v/v1.0.0.zip',
  path: 'm.test/x',
  version: 'v1.0.0',
  kind: 'zip',
  size: 1,
  sha256: '00',
  h1: 'h1:x',
  upstream: 'https://u.test',
};

async function settled(known: Evidence, isForOneCommand: boolean): Promise<string> {
  const committed: string[] = [];
  const refuse = (): never => assert.fail('nobody asks for it');
  const check = createPendingCheck(
    {
      clock: createTestClock(),
      logger: createQuietLogger(),
      pending: {
        fact: () => FACT,
        all: () => [FACT],
        keepBytes: refuse,
        keepFile: refuse,
        open: refuse,
        pathOf: (key) => key,
        drop: async () => undefined,
        forget: refuse,
        reload: async () => undefined,
      },
      verifier: { begin: refuse, evidence: async () => known, hasVerifiedRecord: refuse },
      quarantine: { ready: Promise.resolve(), reason: refuse, put: refuse, release: refuse },
      reports: { refused: refuse, judged: () => undefined },
      hash: async () => FACT.h1,
      commit: async (_fact, state) => void committed.push(state),
    },
    { pendingMilliseconds: 30_000, isForOneCommand },
  );
  const isSettled = await check.settle(FACT);
  await check.close();
  return `${String(isSettled)} ${committed.join()}`;
}

test('pending bytes are not taken into a shared store because one command asks no database', async () => {
  const unasked = { kind: 'new', problem: 'none', isExcluded: false, wasAsked: false } as const;
  assert.equal(await settled(unasked, true), 'false ');
  assert.equal(await settled({ ...unasked, isExcluded: true }, true), 'false ');
  assert.equal(await settled(unasked, false), 'true first-seen');
  assert.equal(await settled({ ...unasked, wasAsked: true }, true), 'true first-seen');
  const record = { kind: 'record', hash: 'h1:x', database: 'sum.test' } as const;
  assert.equal(await settled(record, true), 'true verified');
});
