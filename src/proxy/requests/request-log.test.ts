import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { createTestClock } from '../../../test/support/test-clock.ts';
import type { TestClock } from '../../../test/support/test-clock.ts';
import { createDiskFiles, createQuietLogger, openSqliteDatabase } from '../../platform/adapters.ts';
import type { Database, Meter } from '../../platform/index.ts';
import type { RequestRecord } from './record.ts';
import { REQUEST_LOG_LIMITS, createRequestLog } from './request-log.ts';
import type { RequestLog, RequestLogSettings } from './request-log.ts';
import { reasonMigration, requestMigration } from './request-table.ts';

const RECORD: RequestRecord = {
  timeMilliseconds: 1_767_225_600_000,
  trace: 'a'.repeat(32),
  client: '192.0.2.1',
  userAgent: 'Go-http-client/1.1',
  method: 'GET',
  path: '/m.test/!x/@v/v1.0.0.zip',
  outcome: 'fill',
  status: 200,
  bytes: 123,
  milliseconds: 12.5,
  cause: undefined,
  reason: undefined,
  attempts: [
    {
      span: 'b'.repeat(16),
      upstream: 'a.test',
      path: '/m.test/!x/@v/v1.0.0.zip',
      startedMilliseconds: 1_767_225_600_001,
      outcome: '200',
      milliseconds: 10,
      phases: { connect: 1, 'first-byte': 9, transfer: 2 },
    },
  ],
};
const HIT: RequestRecord = { ...RECORD, outcome: 'hit', milliseconds: undefined, attempts: [] };

interface SetUp {
  readonly clock: TestClock;
  readonly database: Database;
  readonly counted: Map<string, number>;
  open(settings?: Partial<RequestLogSettings>): RequestLog;
}

async function setUp(context: TestContext): Promise<SetUp> {
  const clock = createTestClock();
  const counted = new Map<string, number>();
  const meter: Pick<Meter, 'counter'> = {
    counter: (name) => ({
      with: (...labels) => ({
        add: (amount = 1) => {
          const key = [name, ...labels].join(' ');
          counted.set(key, (counted.get(key) ?? 0) + amount);
        },
      }),
    }),
  };
  const database = await openSqliteDatabase(
    { files: createDiskFiles() },
    {
      file: join(await temporaryFolder(context), 'requests.db'),
      migrations: [requestMigration(1), reasonMigration(2)],
    },
  );
  context.after(async () => database.close());
  const needs = { clock, database, meter: meter as Meter, logger: createQuietLogger() };
  return {
    clock,
    database,
    counted,
    open: (settings) => createRequestLog(needs, { ...REQUEST_LOG_LIMITS, ...settings }),
  };
}

async function rows(database: Database): Promise<readonly string[]> {
  const found = await database.query('SELECT path FROM requests ORDER BY id');
  return found.map(({ path }) => String(path));
}

test('createRequestLog() gives a record back with what its path names', async (context) => {
  const log = (await setUp(context)).open();
  log.add(RECORD);
  log.add({ ...HIT, path: '/m.test/y/@v/list', client: undefined, userAgent: undefined });
  log.add({ ...RECORD, path: '/%', status: 400, outcome: 'bypass', cause: 'it is broken' });
  const [broken, list, zip] = await log.find({ limit: 10 });
  assert.deepEqual(zip, { ...RECORD, kind: 'zip', module: 'm.test/X', version: 'v1.0.0' });
  assert.deepEqual([list?.kind, list?.module, list?.client], ['list', 'm.test/y', undefined]);
  assert.deepEqual(
    [broken?.kind, broken?.cause, broken?.module],
    ['refused', 'it is broken', undefined],
  );
  await log.close();
});

test('createRequestLog() finds by trace, module and outcome, the newest first', async (context) => {
  const log = (await setUp(context)).open();
  const one = (path: string, parts: Partial<RequestRecord>): void => {
    log.add({ ...RECORD, path, ...parts });
  };
  one('/m.test/a/@v/v1.0.0.mod', { trace: 'c'.repeat(32) });
  one('/m.test/a/@v/v1.0.0.info', { outcome: 'hit' });
  one('/m.test/b/@v/v1.0.0.mod', { outcome: 'bypass', status: 502 });
  one('/m.test/c/@v/v1.0.0.mod', { status: 404 });
  async function found(filter: Record<string, string>): Promise<readonly string[]> {
    const records = await log.find({ limit: 10, ...filter });
    return records.map(({ path }) => path.slice('/m.test/'.length, -'@v/v1.0.0.mod'.length - 0));
  }
  assert.equal((await found({})).length, 4);
  assert.deepEqual(await found({ trace: 'c'.repeat(32) }), ['a/']);
  assert.equal((await found({ module: 'm.test/a' })).length, 2);
  assert.deepEqual(await found({ outcome: 'failed' }), ['b/']);
  assert.deepEqual(await found({ outcome: 'absent' }), ['c/']);
  assert.equal((await found({ outcome: 'hit' })).length, 1);
  assert.deepEqual(await found({ outcome: 'fill' }), ['c/', 'a/']);
  assert.equal((await log.find({ limit: 2 })).length, 2);
  await log.close();
});

test('createRequestLog() writes in batches, after a second and at the end', async (context) => {
  const { clock, database, counted, open } = await setUp(context);
  const log = open();
  log.add(RECORD);
  log.add(RECORD);
  assert.equal((await rows(database)).length, 0);
  await clock.advance(1000);
  log.add(RECORD);
  await log.close();
  assert.equal((await rows(database)).length, 3);
  assert.equal(counted.get('cofferdam_request_records_total'), 3);
});

test('createRequestLog() leaves out most of many hits, and counts them, but no failure', async (context) => {
  const { clock, database, counted, open } = await setUp(context);
  const log = open({ hitBurst: 3, hitsPerSecond: 2 });
  const hits = (count: number): void => {
    for (let index = 0; index < count; index += 1) log.add(HIT);
  };
  hits(10);
  log.add({ ...RECORD, status: 502 });
  await clock.advance(1000);
  await log.find({ limit: 1 });
  assert.equal((await rows(database)).length, 4);
  hits(10);
  await log.close();
  const total = (await rows(database)).length;
  assert.ok(total >= 4 && total <= 7, String(total));
  assert.ok((counted.get('cofferdam_request_records_dropped_total limit') ?? 0) >= 13);
});

test('createRequestLog() holds no more than its limit when the database is stuck or gone', async (context) => {
  const { database, counted, open } = await setUp(context);
  const log = open({ waiting: 2 });
  await database.close();
  for (let index = 0; index < 5; index += 1) log.add(RECORD);
  await log.close();
  assert.equal(counted.get('cofferdam_request_records_dropped_total limit'), 3);
  assert.equal(counted.get('cofferdam_request_records_dropped_total database'), 2);
});

test('createRequestLog() keeps so many rows of each sort, and none that is too old', async (context) => {
  const { clock, database, open } = await setUp(context);
  const log = open({ hits: 2, others: 3, days: 1, pruneMilliseconds: 0 });
  log.add({ ...RECORD, path: '/old', timeMilliseconds: 0 });
  const now = clock.epochMilliseconds();
  for (let index = 0; index < 5; index += 1) {
    log.add({ ...HIT, path: `/hit${index}`, timeMilliseconds: now });
    log.add({ ...RECORD, path: `/other${index}`, timeMilliseconds: now });
  }
  await log.close();
  assert.deepEqual(await rows(database), ['/other2', '/hit3', '/other3', '/hit4', '/other4']);
});

test('createRequestLog() has the last failures at hand', async (context) => {
  const log = (await setUp(context)).open({ failures: 2 });
  for (const path of ['/a', '/b', '/c']) log.add({ ...RECORD, path, status: 503 });
  log.add(RECORD);
  assert.deepEqual(
    log.failures().map(({ path }) => path),
    ['/c', '/b'],
  );
  await log.close();
});
