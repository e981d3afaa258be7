import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { databaseContract } from './database.contract.ts';
import { createDiskFiles } from './disk-files.ts';
import { ProgramError } from './errors.ts';
import { openSqliteDatabase } from './sqlite-database.ts';

const MIGRATIONS = [{ number: 1, name: 'numbers', sql: 'CREATE TABLE numbers (value INTEGER)' }];

async function newFile(context: TestContext): Promise<string> {
  return join(await temporaryFolder(context), 'new folder', 'facts.sqlite');
}

databaseContract('openSqliteDatabase()', async (context) => {
  const file = await newFile(context);
  return (migrations) => openSqliteDatabase({ files: createDiskFiles() }, { file, migrations });
});

function open(
  file: string,
  more: { waitingLimit?: number; busyMilliseconds?: number } = {},
): ReturnType<typeof openSqliteDatabase> {
  const settings = { file, migrations: MIGRATIONS, ...more };
  return openSqliteDatabase({ files: createDiskFiles() }, settings);
}

async function failureOf(promise: Promise<unknown>): Promise<ProgramError> {
  const error = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  assert.ok(error instanceof ProgramError);
  return error;
}

test('openSqliteDatabase() uses write-ahead logging, foreign keys and synchronous NORMAL', async (context) => {
  const database = await open(await newFile(context));
  async function read(pragma: string): Promise<unknown> {
    const [row] = await database.query(`PRAGMA ${pragma}`);
    return Object.values(row ?? {})[0];
  }
  assert.equal(await read('journal_mode'), 'wal');
  assert.equal(await read('foreign_keys'), 1);
  assert.equal(await read('synchronous'), 1);
  assert.equal(await read('busy_timeout'), 5000);
  await database.close();
});

test('openSqliteDatabase() says that a file is damaged and what to do', async (context) => {
  const file = join(await temporaryFolder(context), 'facts.sqlite');
  writeFileSync(file, 'this is no database, whatever its name says '.repeat(100));
  const failure = await failureOf(open(file));
  assert.equal(failure.code, 'database-damaged');
  assert.match(failure.message, /facts\.sqlite/);
  assert.match(failure.hint ?? '', /move the file/);
});

test('a database that is damaged later says so when it is used', async (context) => {
  const file = join(await temporaryFolder(context), 'facts.sqlite');
  const database = await open(file);
  const counting =
    'WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 20000) INSERT INTO numbers SELECT n FROM up';
  await database.execute(counting);
  await database.close();
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0x5a, 16_384));
  const damaged = await open(file);
  const failure = await failureOf(damaged.query('SELECT sum(value) FROM numbers'));
  assert.equal(failure.code, 'database-damaged');
  await damaged.close();
});

test('openSqliteDatabase() cannot open a directory', async (context) => {
  const failure = await failureOf(open(await temporaryFolder(context)));
  assert.match(failure.message, /cannot open the database/);
  assert.equal(failure.code, 'disk-denied');
});

test('openSqliteDatabase() refuses requests above its limit and keeps the others', async (context) => {
  const database = await open(await newFile(context), { waitingLimit: 10 });
  async function insert(): Promise<void> {
    await database.execute('INSERT INTO numbers VALUES (1)');
  }
  const results = await Promise.allSettled(Array.from({ length: 15 }, insert));
  const refused = results.filter((result) => result.status === 'rejected');
  assert.equal(refused.length, 5);
  assert.ok(
    refused.every(
      ({ reason }) => reason instanceof ProgramError && reason.code === 'database-busy',
    ),
  );
  await insert();
  const rows = await database.query('SELECT count(*) AS count FROM numbers');
  assert.deepEqual(rows, [{ count: 11 }]);
  await database.close();
});

test('two connections wait for each other, and one that waits too long says busy', async (context) => {
  const file = await newFile(context);
  const one = await open(file);
  const other = await open(file, { busyMilliseconds: 50 });
  await one.execute('BEGIN IMMEDIATE');
  const failure = await failureOf(other.execute('INSERT INTO numbers VALUES (1)'));
  assert.equal(failure.code, 'database-busy');
  assert.equal(failure.kind, 'unavailable');
  await one.execute('COMMIT');
  await other.execute('INSERT INTO numbers VALUES (1)');
  await one.close();
  await other.close();
});

test('a slow statement does not hold up the event loop', async (context) => {
  const database = await open(await newFile(context));
  const slow = database.query(
    'WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 400000) SELECT count(*) AS count FROM up',
  );
  let turns = 0;
  const spin = setInterval(() => (turns += 1), 1);
  assert.deepEqual(await slow, [{ count: 400_000 }]);
  clearInterval(spin);
  assert.ok(turns > 5, `${turns} turns`);
  await database.close();
});

test('an open but idle database lets the process end, a waiting call does not', async (context) => {
  const file = await newFile(context);
  const door = JSON.stringify(new URL('./adapters.ts', import.meta.url).href);
  const script = `
    const { createDiskFiles, openSqliteDatabase } = await import(${door});
    const database = await openSqliteDatabase({ files: createDiskFiles() },
      { file: ${JSON.stringify(file)}, migrations: ${JSON.stringify(MIGRATIONS)} });
    database.query('SELECT 1 AS one').then((rows) => console.log(rows[0].one));`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  assert.equal(run.stdout, '1\n');
  assert.equal(run.stderr, '');
  assert.equal(run.status, 0);
});

test('when the thread dies every waiting call fails, and later calls are refused', async (context) => {
  const workers: Worker[] = [];
  function remember(worker: Worker): void {
    workers.push(worker);
  }
  process.on('worker', remember);
  context.after(() => process.off('worker', remember));
  const database = await open(await newFile(context));
  const waiting = Array.from({ length: 3 }, () =>
    failureOf(
      database.query(
        'WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 2000000) SELECT count(*) FROM up',
      ),
    ),
  );
  await workers[0]?.terminate();
  for (const failure of await Promise.all(waiting)) {
    assert.equal(failure.code, 'database-failed');
    assert.equal(failure.kind, 'unavailable');
  }
  assert.match((await failureOf(database.query('SELECT 1'))).message, /ended unexpectedly/);
  await database.close();
});
