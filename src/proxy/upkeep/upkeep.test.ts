import assert from 'node:assert/strict';
import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { createTestClock } from '../../../test/support/test-clock.ts';
import type { TestClock } from '../../../test/support/test-clock.ts';
import {
  createDiskFiles,
  createFileLocks,
  createQuietLogger,
  createSystemRandom,
  openSqliteDatabase,
} from '../../platform/adapters.ts';
import type { Files } from '../../platform/index.ts';
import { createDiskStorage } from '../storage/index.ts';
import type { Damage, Storage } from '../storage/index.ts';
import { createGrowth } from './growth.ts';
import { createLastUses, upkeepMigration } from './last-uses.ts';
import type { LastUses } from './last-uses.ts';
import { createReaders } from './readers.ts';
import type { Readers } from './readers.ts';
import { createTombstones } from './tombstones.ts';
import type { Tombstones } from './tombstones.ts';
import { createUpkeep } from './upkeep.ts';
import type { Upkeep } from './upkeep.ts';
import { UPKEEP_LIMITS } from './upkeep-limits.ts';

const DAY = 86_400_000;
const NEVER = new AbortController().signal;

interface Opened {
  readonly clock: TestClock;
  readonly files: Files;
  readonly storage: Storage;
  readonly uses: LastUses;
  readonly readers: Readers;
  readonly tombstones: Tombstones;
  readonly upkeep: Upkeep;
  readonly removed: string[];
  readonly folder: string;
  /** Stores a version of this size, last used so many days ago. */
  store(name: string, bytes: number, daysAgo: number): Promise<void>;
}

function versionOf(name: string): { readonly path: string; readonly version: string } {
  return { path: `m.test/${name}`, version: 'v1.0.0' };
}

async function open(
  context: TestContext,
  budget: { maximumBytes?: number; maximumAgeMilliseconds?: number; pinnedPatterns?: string } = {},
  refetched: readonly string[] = [],
): Promise<Opened> {
  const folder = await temporaryFolder(context);
  const clock = createTestClock('2026-06-01T00:00:00Z');
  const files = createDiskFiles();
  const logger = createQuietLogger();
  const migrations = [{ ...upkeepMigration(1) }];
  const database = await openSqliteDatabase({ files }, { file: join(folder, 'x.db'), migrations });
  context.after(async () => database.close());
  const damaged = new Map<string, Damage>();
  const needs = { clock, files, logger, database, random: createSystemRandom() };
  const scratch = join(folder, 'scratch');
  const places = { tree: join(folder, 'modules'), blocks: join(folder, 'blocks'), scratch };
  const inspected = new Map<string, Damage>();
  const storage = createDiskStorage(
    { ...needs, recall: async () => undefined, damaged: (one) => damaged.set(one.key, one) },
    { ...places, quarantine: join(folder, 'quarantine') },
  );
  const uses = createLastUses(needs, { grainMilliseconds: 60_000 });
  const readers = createReaders();
  const journal = join(folder, 'tombstones.jsonl');
  const tombstones = createTombstones({ ...needs, blocked: () => undefined }, { journal });
  const removed: string[] = [];
  const parts = { storage, uses, readers, tombstones, growth: createGrowth() };
  const upkeep = createUpkeep(
    {
      ...needs,
      ...parts,
      locks: createFileLocks({ files }),
      gatherUses: () => undefined,
      refetch: async (key) => refetched.includes(key),
      forget: async (path, version) => void removed.push(`forgot ${path} ${version ?? 'all'}`),
      damageOf: (key) => damaged.get(key),
      inspection: {
        storage: createDiskStorage(
          {
            ...needs,
            recall: async () => undefined,
            damaged: (one) => inspected.set(one.key, one),
          },
          { ...places, quarantine: undefined },
        ),
        damageOf: (key) => inspected.get(key),
      },
      removed: (unit, why) => removed.push(`${why} ${unit}`),
    },
    {
      maximumBytes: budget.maximumBytes,
      maximumAgeMilliseconds: budget.maximumAgeMilliseconds,
      pinnedPatterns: budget.pinnedPatterns ?? '',
      store: folder,
      scratch,
      limits: UPKEEP_LIMITS,
    },
  );
  async function store(name: string, bytes: number, daysAgo: number): Promise<void> {
    const at = new Date(clock.epochMilliseconds() - daysAgo * DAY);
    for (const extension of ['info', 'mod', 'zip']) {
      const key = `m.test/${name}/@v/v1.0.0.${extension}`;
      await storage.put(key, Buffer.alloc(extension === 'zip' ? bytes : 10, name));
      await utimes(join(folder, 'modules', key), at, at);
    }
  }
  context.after(async () => storage.close());
  const opened = { clock, files, storage, uses, readers, tombstones, upkeep, removed };
  return { ...opened, folder, store };
}

test('collectGarbage() evicts what was used longest ago until nine tenths of the budget are left', async (context) => {
  const { upkeep, store, storage, removed } = await open(context, { maximumBytes: 400_000 });
  for (const [index, name] of ['a', 'b', 'c', 'd', 'e'].entries()) {
    await store(name, 90_000, 10 - index);
  }
  const plan = await upkeep.collectGarbage({ dryRun: true, signal: NEVER });
  assert.deepEqual([plan.evictedVersions, plan.isOverBudget, removed], [2, false, []]);
  const report = await upkeep.collectGarbage({ dryRun: false, signal: NEVER });
  assert.deepEqual(report.evicted, [versionOf('a'), versionOf('b')]);
  assert.deepEqual({ ...plan, dryRun: false }, report);
  assert.deepEqual(removed, ['evicted m.test/a/@v/v1.0.0', 'evicted m.test/b/@v/v1.0.0']);
  assert.equal(await storage.has('m.test/a/@v/v1.0.0.mod'), false);
  assert.equal(await storage.has('m.test/c/@v/v1.0.0.zip'), true);
  const again = await upkeep.collectGarbage({ dryRun: false, signal: NEVER });
  assert.equal(again.evictedVersions, 0);
});

test('collectGarbage() goes by the last use and not by the age of the file', async (context) => {
  const { upkeep, store, uses, clock } = await open(context, { maximumBytes: 200_000 });
  await store('old', 90_000, 30);
  await store('new', 90_000, 5);
  uses.used('m.test/old/@v/v1.0.0');
  await clock.advance(DAY);
  const { evicted } = await upkeep.collectGarbage({ dryRun: false, signal: NEVER });
  assert.deepEqual(evicted, [versionOf('new')]);
});

test('collectGarbage() keeps what is pinned, being read, or used at this time, and says that it is too much', async (context) => {
  const budget = { maximumBytes: 10_000, pinnedPatterns: 'm.test/pin*' };
  const { upkeep, store, readers } = await open(context, budget);
  for (const name of ['pinned', 'read', 'gone']) await store(name, 90_000, 3);
  await store('current', 90_000, 0);
  const leave = readers.begin('m.test/read/@v/v1.0.0');
  const report = await upkeep.collectGarbage({ dryRun: false, signal: NEVER });
  assert.deepEqual([report.evicted, report.isOverBudget], [[versionOf('gone')], true]);
  leave();
  const later = await upkeep.collectGarbage({
    dryRun: false,
    recentMilliseconds: 0,
    signal: NEVER,
  });
  assert.deepEqual(later.evicted, [versionOf('read')]);
});

test('collectGarbage() evicts by age whatever the size, and asks twice about nothing', async (context) => {
  const { upkeep, store } = await open(context, { maximumAgeMilliseconds: 7 * DAY });
  await store('week', 100, 8);
  await store('day', 100, 1);
  const { evicted, isOverBudget } = await upkeep.collectGarbage({ dryRun: false, signal: NEVER });
  assert.deepEqual([evicted, isOverBudget], [[versionOf('week')], false]);
});

test('an evicted artifact is read to its end by whoever had opened it', async (context) => {
  const { upkeep, store, storage } = await open(context, { maximumAgeMilliseconds: DAY });
  await store('x', 300_000, 2);
  const stored = await storage.open('m.test/x/@v/v1.0.0.zip');
  await upkeep.collectGarbage({ dryRun: false, signal: NEVER });
  assert.equal(await storage.has('m.test/x/@v/v1.0.0.zip'), false);
  const buffer = Buffer.alloc(300_000);
  assert.equal(await stored?.read(buffer, 0), 300_000);
  assert.ok(buffer.equals(Buffer.alloc(300_000, 'x')));
  await stored?.close();
});

test('verify() finds what is damaged and fetches it again where somebody has it', async (context) => {
  const [mod, zip] = ['m.test/x/@v/v1.0.0.mod', 'm.test/x/@v/v1.0.0.zip'];
  const { upkeep, store, folder, files } = await open(context, {}, [zip]);
  await store('x', 200_000, 1);
  for (const key of [mod, zip]) {
    const bytes = await readFile(join(folder, 'modules', key));
    bytes[5] = (bytes[5] ?? 0) ^ 4;
    await files.writeAtomically(join(folder, 'modules', key), bytes, join(folder, 'scratch'));
  }
  const look = await upkeep.verify({ dryRun: true, signal: NEVER });
  assert.deepEqual([look.damaged, look.repaired], [2, 0]);
  assert.deepEqual(
    look.findings.map(({ code, severity }) => [code, severity]),
    [mod, zip].map(() => ['artifact-damaged', 'error']),
  );
  const report = await upkeep.verify({ dryRun: false, signal: NEVER });
  assert.deepEqual([report.damaged, report.repaired], [2, 1]);
  assert.deepEqual(
    report.findings.map(({ title, severity, evidence }) => [title, severity, evidence[0]?.source]),
    [
      ['the stored mod of m.test/x@v1.0.0 is damaged', 'error', `modules/${mod}`],
      ['the stored zip of m.test/x@v1.0.0 is damaged', 'warning', `modules/${zip}`],
    ],
  );
  assert.match(report.findings[0]?.explanation ?? '', /no upstream gave it again.*quarantine/u);
  assert.deepEqual([report.artifacts, report.isComplete], [3, true]);
  const { lastScrub, quarantined, versions } = await upkeep.stats();
  assert.deepEqual([lastScrub?.damaged, lastScrub?.repaired, quarantined, versions], [2, 1, 2, 1]);
});

test('the background scrubs once a week and keeps the budget in between', async (context) => {
  const { upkeep, store, storage, clock, removed } = await open(context, {
    maximumAgeMilliseconds: DAY,
  });
  await store('x', 1000, 2);
  upkeep.start();
  await clock.advance(UPKEEP_LIMITS.firstLookMilliseconds);
  while (removed.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await upkeep.close();
  await storage.close();
  assert.deepEqual(removed, ['evicted m.test/x/@v/v1.0.0']);
  assert.equal(clock.pending(), 0);
});

test('purge() removes and journals; a block stays until it is lifted, for other programs too', async (context) => {
  const { upkeep, store, storage, tombstones, folder, removed } = await open(context);
  await store('x', 1000, 1);
  const wish = { path: 'm.test/x', version: 'v1.0.0', reason: 'licence', dryRun: false } as const;
  const plan = await upkeep.purge({ ...wish, mode: 'block', dryRun: true });
  assert.deepEqual([plan.removed, tombstones.blocked()], [[versionOf('x')], []]);
  const other = await upkeep.purge({ ...wish, version: 'v1.0.1', mode: 'block', dryRun: true });
  assert.deepEqual([other.removed, other.others], [[], ['v1.0.0']]);
  await upkeep.purge({ ...wish, mode: 'block' });
  assert.equal(await storage.has('m.test/x/@v/v1.0.0.zip'), false);
  assert.equal(await tombstones.reasonAgainst('m.test/x', 'v1.0.0'), 'licence');
  assert.equal(await tombstones.reasonAgainst('m.test/x', 'v1.0.1'), undefined);
  await upkeep.purge({ ...wish, mode: 'lift' });
  assert.equal(await tombstones.reasonAgainst('m.test/x', 'v1.0.0'), undefined);
  await upkeep.purge({ ...wish, version: undefined, mode: 'block' });
  assert.equal(await tombstones.reasonAgainst('m.test/x', 'v9.9.9'), 'licence');
  const [gone, forgot] = ['purged m.test/x/@v/v1.0.0', 'forgot m.test/x v1.0.0'];
  assert.deepEqual(removed, [gone, forgot, 'forgot m.test/x all']);
  const journal = await readFile(join(folder, 'tombstones.jsonl'), 'utf8');
  assert.deepEqual(
    [...journal.matchAll(/"event":"(\w+)".*"blocked":(\w+)/gu)].map((match) => match.slice(1)),
    [
      ['purged', 'true'],
      ['purged', 'false'],
      ['purged', 'true'],
    ],
  );
  const malformed = { ...wish, path: '../x', mode: 'forget' } as const;
  await assert.rejects(upkeep.purge(malformed), { code: 'module-path-malformed' });
  const branch = { ...wish, version: 'main', mode: 'block' } as const;
  await assert.rejects(upkeep.purge(branch), { code: 'module-version-malformed' });
  await assert.rejects(upkeep.purge({ ...malformed, path: wish.path, version: 'v9.9.9' }), {
    message: '"v9.9.9" is no version of m.test/x, which names no major version',
    hint: 'the module of this version is called m.test/x/v9; one without go.mod has v9.9.9+incompatible',
  });
  // The block of the whole module is another one.
  await assert.rejects(upkeep.purge({ ...wish, mode: 'lift' }), { code: 'not-blocked' });
});

test('two programs do not clean one store at the same time', async (context) => {
  const { upkeep, folder, files } = await open(context);
  const lock = await createFileLocks({ files }).tryExclusive(join(folder, 'upkeep.lock'));
  await assert.rejects(upkeep.verify({ dryRun: false, signal: NEVER }), { code: 'store-busy' });
  await lock?.release();
  await upkeep.verify({ dryRun: false, signal: NEVER });
});

test('progress is told for each version, and a scrub record that somebody wrote over counts as none', async (context) => {
  const { upkeep, store, folder } = await open(context);
  for (const name of ['a', 'b']) await store(name, 1000, 1);
  const seen: number[] = [];
  const progress = ({ versions }: { readonly versions: number }): void => void seen.push(versions);
  await upkeep.verify({ dryRun: false, progress, signal: NEVER });
  await upkeep.collectGarbage({ dryRun: true, progress, signal: NEVER });
  assert.deepEqual(seen, [1, 2, 1, 2]);
  assert.equal((await upkeep.stats()).lastScrub?.artifacts, 6);
  for (const text of ['', '{}', '[]', '{"finished":"yesterday","artifacts":1}']) {
    await writeFile(join(folder, 'scrub.json'), text);
    assert.equal((await upkeep.stats()).lastScrub, undefined, text);
  }
});

test('nobody who asks waits for the scrub in the background, but other programs do', async (context) => {
  const { upkeep, store, storage, clock, folder } = await open(context, {
    maximumAgeMilliseconds: DAY,
  });
  // At the rate of the background this takes longer than the clock of this test ever runs.
  await store('large', 1_000_000, 0);
  await store('old', 1000, 2);
  upkeep.start();
  await clock.advance(UPKEEP_LIMITS.firstLookMilliseconds);
  const locks = createFileLocks({ files: createDiskFiles() });
  for (let isHeld = false; !isHeld;) {
    const lock = await locks.tryExclusive(join(folder, 'upkeep.lock'));
    await lock?.release();
    // The first look evicts what is old before it scrubs, and must not find the next one.
    isHeld = lock === undefined && !(await storage.has('m.test/old/@v/v1.0.0.zip'));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await store('older', 1000, 3);
  const asked = { dryRun: false, signal: NEVER };
  const reports = await Promise.all([upkeep.collectGarbage(asked), upkeep.collectGarbage(asked)]);
  assert.deepEqual(
    reports.map(({ evicted }) => evicted),
    [[versionOf('older')], []],
  );
  assert.equal((await upkeep.verify(asked)).isComplete, true);
  // The scrub still runs, and the lock is still ours.
  assert.equal(await locks.tryExclusive(join(folder, 'upkeep.lock')), undefined);
  await upkeep.close();
  await storage.close();
  const free = await locks.tryExclusive(join(folder, 'upkeep.lock'));
  assert.notEqual(free, undefined);
  await free?.release();
});
