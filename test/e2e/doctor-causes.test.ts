import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { DoctorReport } from '../../src/doctor/index.ts';
import { causes } from '../doctor/causes.ts';
import { repository } from '../doctor/planted-cause.ts';
import type { Planted } from '../doctor/planted-cause.ts';
import { startDatabase } from '../support/checksum-database.ts';
import { examine, programs } from '../support/examine.ts';

const isWhole = process.env['COFFERDAM_EVERY_CAUSE'] !== undefined;

/** Servers on loopback answer at once; the rest is for a machine that does other things as well. */
const PATIENCE = isWhole ? 1 : 0.5;

/** So many are a handful of each kind. */
const EVERY = 8;

/** Every probe, looking long, on a machine that is sound but for what was planted. */
async function visit(t: TestContext, planted: Planted): Promise<DoctorReport> {
  const { origin, key } = await startDatabase(t, 3);
  const directory = await repository(t, planted.files ?? {});
  const environment = { ...programs, GOPROXY: origin.url, GOSUMDB: key, ...planted.environment };
  const options = { deep: true, directory, patience: PATIENCE, ...planted.options };
  return examine(t, environment, options, planted.change);
}

test('a sound machine has no finding', async (t) => {
  const { findings, hidden } = await visit(t, {});
  assert.deepEqual([findings, hidden], [[], []]);
});

test('there are sixty causes and more', () => {
  assert.ok(causes.length >= 60, `${causes.length}`);
});

/** `npm run test:doctor` plays all of them, and many more on machines of their own. */
const chosen = isWhole ? causes : causes.filter((_cause, index) => index % EVERY === 0);

test('each planted cause is named first', { concurrency: 6 }, async (t) => {
  await Promise.all(
    chosen.map(({ cause, code, plant }) =>
      t.test(`${cause}: ${code}`, async (t) => {
        const { findings } = await visit(t, await plant(t));
        assert.equal(findings[0]?.code, code, JSON.stringify(findings.slice(0, 3), undefined, 1));
        assert.notEqual(findings[0]?.severity, 'info');
      }),
    ),
  );
});
