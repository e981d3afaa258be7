import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { createTestClock } from '../../../test/support/test-clock.ts';
import type { TestClock } from '../../../test/support/test-clock.ts';
import { createDiskFiles, createQuietLogger, openSqliteDatabase } from '../../platform/adapters.ts';
import type { Database } from '../../platform/index.ts';
import { createFacts } from './facts.ts';
import type { Facts, KnownAnswer } from './facts.ts';
import { PROXY_MIGRATIONS } from './migrations.ts';
import { restoreLostArtifacts } from './rebuild-artifacts.ts';

const KEY = 'm.test/x/@v/v1.0.0.zip';
const FACT = {
  key: KEY,
  path: 'm.test/x',
  version: 'v1.0.0',
  kind: 'zip',
  size: 123,
  sha256: 'ab'.repeat(32),
  h1: 'h1:x=',
  upstream: 'https://a.test',
  state: 'verified',
} as const;

interface Opened {
  readonly clock: TestClock;
  readonly database: Database;
  readonly journal: string;
  open(): Facts;
}

async function setUp(context: TestContext): Promise<Opened> {
  const folder = await temporaryFolder(context);
  const files = createDiskFiles();
  const clock = createTestClock();
  const database = await openSqliteDatabase(
    { files },
    { file: join(folder, 'facts.db'), migrations: PROXY_MIGRATIONS },
  );
  context.after(async () => database.close());
  const journal = join(folder, 'journal', 'first-seen.jsonl');
  const needs = { clock, files, database, logger: createQuietLogger() };
  return { clock, database, journal, open: () => createFacts(needs, { journal }) };
}

function answerOf(text: string, status: 200 | 404 | 410 = 200): KnownAnswer {
  const body = Buffer.from(text);
  return { status, contentType: 'text/plain', body, fetchedMilliseconds: 1_767_225_600_123 };
}

test('createFacts() writes the first sight of an artifact to the journal and the database', async (context) => {
  const { database, journal, open } = await setUp(context);
  const facts = open();
  facts.artifactStored(FACT);
  facts.artifactStored({ ...FACT, key: 'other', h1: undefined });
  await facts.close();
  const again = open();
  again.artifactStored({ ...FACT, upstream: 'https://b.test', state: 'first-seen' });
  await again.close();
  const rows = await database.query('SELECT * FROM artifacts ORDER BY key');
  assert.deepEqual(
    rows.map(({ key, upstream, h1, state }) => [key, upstream, h1, state]),
    [
      [KEY, 'https://a.test', 'h1:x=', 'verified'],
      ['other', 'https://a.test', null, 'verified'],
    ],
  );
  const lines = (await readFile(journal, 'utf8')).trimEnd().split('\n');
  assert.equal(lines.length, 3);
  assert.deepEqual(JSON.parse(lines[0] ?? ''), {
    event: 'first-seen',
    at: '2026-01-01T00:00:00Z',
    ...FACT,
  });
});

test('createFacts() recalls an answer before and after it is written, the newest one', async (context) => {
  const { open, clock } = await setUp(context);
  const facts = open();
  assert.equal(await facts.recallAnswer('a'), undefined);
  facts.answerKnown('a', answerOf('one'));
  assert.deepEqual(await facts.recallAnswer('a'), answerOf('one'));
  await clock.advance(1000);
  facts.answerKnown('a', answerOf('two', 410));
  facts.answerKnown('b', answerOf('', 404));
  await facts.close();
  const again = open();
  assert.deepEqual(await again.recallAnswer('a'), answerOf('two', 410));
  assert.deepEqual(await again.recallAnswer('b'), answerOf('', 404));
  await again.close();
});

test('createFacts() remembers no answer of more than a megabyte', async (context) => {
  const { open } = await setUp(context);
  const facts = open();
  facts.answerKnown('a', answerOf('x'.repeat(1024 * 1024 + 1)));
  assert.equal(await facts.recallAnswer('a'), undefined);
  await facts.close();
});

test('createFacts() does without a database that fails', async (context) => {
  const { open, database } = await setUp(context);
  const facts = open();
  await database.close();
  facts.artifactStored(FACT);
  assert.equal(await facts.recallAnswer('a'), undefined);
  await facts.close();
});

test('a rebuild that was cut short is done again, and a whole one is not', async (context) => {
  const { open, database, journal } = await setUp(context);
  const facts = open();
  const others = Array.from({ length: 1200 }, (_, index) => `m.test/x/@v/v3.0.${index}.zip`);
  for (const key of [KEY, ...others]) facts.artifactStored({ ...FACT, key });
  await facts.close();
  await database.execute('DELETE FROM artifacts');
  let left = 1;
  const dying = {
    ...database,
    transaction: async (statements: Parameters<typeof database.transaction>[0]) => {
      if (left === 0) throw new Error('killed');
      left -= 1;
      await database.transaction(statements);
    },
  };
  const needs = { files: createDiskFiles(), database, logger: createQuietLogger() };
  await assert.rejects(restoreLostArtifacts({ ...needs, database: dying }, journal), /killed/u);
  const count = async (): Promise<unknown> =>
    (await database.query('SELECT COUNT(*) AS rows FROM artifacts'))[0]?.['rows'];
  assert.equal(Number(await count()), 499);
  await restoreLostArtifacts(needs, journal);
  assert.equal(Number(await count()), 1201);
  await database.execute('DELETE FROM artifacts WHERE key <> :key', { key: KEY });
  await restoreLostArtifacts(needs, journal);
  assert.equal(Number(await count()), 1);
});

test('a first sight that was withdrawn stays so when the database is rebuilt', async (context) => {
  const { open, database, journal } = await setUp(context);
  const facts = open();
  const other = { ...FACT, key: 'm.test/x/@v/v2.0.0.zip', version: 'v2.0.0' };
  for (const fact of [FACT, other]) facts.artifactStored(fact);
  await facts.withdraw('m.test/x', 'v1.0.0');
  assert.equal(await facts.recallSight(KEY), undefined);
  assert.equal((await facts.recallSight(other.key))?.h1, 'h1:x=');
  await database.execute('DELETE FROM artifacts');
  const needs = { files: createDiskFiles(), database, logger: createQuietLogger() };
  await restoreLostArtifacts(needs, journal);
  assert.equal(await facts.recallSight(KEY), undefined);
  assert.equal((await facts.recallSight(other.key))?.h1, 'h1:x=');
  facts.artifactStored({ ...FACT, h1: 'h1:y=' });
  await facts.close();
  assert.equal((await open().recallSight(KEY))?.h1, 'h1:y=');
  const again = open();
  await again.withdraw('m.test/x', undefined);
  assert.deepEqual(await database.query('SELECT key FROM artifacts'), []);
});
