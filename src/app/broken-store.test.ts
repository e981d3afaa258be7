import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { programContext } from '../../test/support/program-context.ts';
import { readAnswer } from '../../test/support/read-answer.ts';
import { startCofferdam } from '../../test/support/start-cofferdam.ts';
import { startOrigin } from '../../test/support/start-origin.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { loadConfiguration, type Configuration } from '../config.ts';
import { createDiskFiles } from '../platform/adapters.ts';
import { withStore } from './store.ts';

const MODULES = [
  { path: 'm.test/stored', version: 'v1.0.0', zipBytes: 20_000 },
  { path: 'm.test/fresh', version: 'v1.0.0', zipBytes: 20_000 },
  { path: 'm.test/large', version: 'v1.0.0', zipBytes: 8_000_000 },
];

function zipOf(path: string): string {
  return `/${path}/@v/v1.0.0.zip`;
}

/** Nobody can write there while the work lasts, root included. */
async function whileReadOnly(folder: string, work: () => Promise<void>): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    execFileSync('mount', ['--bind', folder, folder]);
    execFileSync('mount', ['-o', 'remount,ro,bind', folder]);
  } else chmodSync(folder, 0o555);
  try {
    await work();
  } finally {
    if (isRoot) execFileSync('umount', ['-l', folder]);
    else chmodSync(folder, 0o755);
  }
}

async function configurationFor(store: string): Promise<Configuration> {
  return loadConfiguration({
    environment: {},
    home: store,
    platform: 'linux',
    directory: store,
    memoryBytes: 1024 ** 3,
    files: createDiskFiles(),
    flags: { store: [store] },
  });
}

test('a store that cannot be written at the start is read, and everything else is served without it', async (context) => {
  const store = await temporaryFolder(context);
  const origin = await startOrigin(context, { modules: MODULES });
  const settings = { upstream: origin.url, store, lookAhead: false };
  const first = await startCofferdam(context, settings);
  assert.equal(first.notice, undefined);
  assert.equal((await readAnswer(first.address + zipOf('m.test/stored'))).status, 200);
  await first.stop(5000);
  await whileReadOnly(store, async () => {
    for (const isServer of [true, false]) {
      const engine = await startCofferdam(context, { ...settings, isServer });
      assert.match(
        engine.notice ?? '',
        /cannot be written, so nothing new is kept in it.*(EROFS|EACCES)/u,
      );
      const stored = await readAnswer(engine.address + zipOf('m.test/stored'));
      assert.deepEqual([stored.status, stored.headers['cofferdam-cache']], [200, 'hit']);
      for (const path of ['m.test/fresh', 'm.test/large']) {
        const { status, broken } = await readAnswer(engine.address + zipOf(path));
        assert.deepEqual([status, broken], [200, false]);
      }
      const ready = await readAnswer(`${engine.address}/-/readyz`);
      assert.equal(ready.status, 200);
      assert.match(ready.body.toString(), /"name":"store","status":"degraded".*cannot be written/u);
      const metrics = await readAnswer(`${engine.address}/-/metrics`);
      assert.match(metrics.body.toString(), /^cofferdam_store_writable 0$/mu);
      await engine.stop(5000);
    }
    const configuration = await configurationFor(store);
    const target = { kind: 'directory', configuration, command: 'stats', changes: false } as const;
    const stats = await withStore(programContext(store, {}), target, (care) => care.stats());
    assert.equal(stats.artifacts, 1);
    await assert.rejects(
      withStore(programContext(store, {}), { ...target, changes: true }, (care) =>
        care.purge({
          path: 'm.test/stored',
          version: undefined,
          reason: 'x',
          mode: 'forget',
          dryRun: false,
        }),
      ),
      { code: 'store-unusable' },
    );
  });
});

test('a damaged database is moved aside with its evidence and filled again from the journal', async (context) => {
  const store = await temporaryFolder(context);
  const origin = await startOrigin(context, { modules: MODULES });
  const settings = { upstream: origin.url, store, lookAhead: false };
  const first = await startCofferdam(context, settings);
  assert.equal((await readAnswer(first.address + zipOf('m.test/stored'))).status, 200);
  await first.stop(5000);
  const damaged = 'no database at all'.repeat(500);
  await writeFile(join(store, 'cofferdam.db'), damaged);
  const second = await startCofferdam(context, settings);
  assert.equal(second.notice, undefined);
  const stored = await readAnswer(second.address + zipOf('m.test/stored'));
  assert.deepEqual([stored.status, stored.headers['cofferdam-cache']], [200, 'hit']);
  const aside = (await readdir(store)).filter((name) => name.startsWith('cofferdam.db.damaged-'));
  assert.equal((await stat(join(store, aside[0] ?? ''))).size, damaged.length);
  // Beside the server a command leaves the files alone.
  await second.stop(5000);
  const third = await startCofferdam(context, settings);
  await writeFile(join(store, 'elsewhere.db'), damaged);
  const other = { ...settings, isServer: false, databaseFile: join(store, 'elsewhere.db') };
  const command = await startCofferdam(context, other);
  assert.match(command.notice ?? '', /kept in memory/u);
  assert.equal((await stat(join(store, 'elsewhere.db'))).size, damaged.length);
  await command.stop(5000);
  await third.stop(5000);
  await assert.rejects(startCofferdam(context, { ...other, isServer: true }), {
    code: 'database-damaged',
  });
});
