import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProgramError } from '../../src/platform/index.ts';
import type { Origin } from '../../src/drills/index.ts';
import { readAnswer } from '../support/read-answer.ts';
import { startCofferdam } from '../support/start-cofferdam.ts';
import { startOrigin } from '../support/start-origin.ts';

const DISK_MEBIBYTES = 64;
const PATIENCE = 60_000;

const LARGE = Array.from({ length: 12 }, (_, index) => ({
  path: `m.test/large${index}`,
  version: 'v1.0.0',
  zipBytes: 8_000_000,
}));
const SMALL = Array.from({ length: 12 }, (_, index) => ({
  path: `m.test/small${index}`,
  version: 'v1.0.0',
  zipBytes: 30_000,
}));
const FIRST = { path: 'm.test/large0', version: 'v1.0.0' };
const EVERYTHING = [...LARGE, ...SMALL];

/** A small disk of its own, or undefined where this user may not mount one. */
function smallDisk(context: TestContext): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'cofferdam-disk-'));
  try {
    const size = `size=${DISK_MEBIBYTES}m`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    // Only root may mount, and no other disk is small and nobody else's; the runner counts it as skipped.
    context.skip('this user cannot mount a small disk');
    return undefined;
  }
  context.after(() => {
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

function fillUp(disk: string, leaveBytes: number): string {
  const filler = join(disk, 'filler');
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(filler, Buffer.alloc(bavail * bsize - leaveBytes));
  return filler;
}

function zipOf(module: { readonly path: string; readonly version: string }): string {
  return `/${module.path}/@v/${module.version}.zip`;
}

function digest(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}

/** Every file of every module by several clients at once; gives how many did not get it right. */
async function failuresOfAll(origin: Origin, address: string): Promise<number> {
  const failures = await Promise.all(
    EVERYTHING.flatMap((module) =>
      ['.info', '.mod', '.zip'].map(async (extension) => {
        const path = zipOf(module).replace('.zip', extension);
        const [right, ...answers] = await Promise.all([
          readAnswer(origin.url + path, {}, PATIENCE),
          ...[1, 2, 3].map(async () => readAnswer(address + path, {}, PATIENCE)),
        ]);
        return answers.filter(
          (answer) =>
            answer.status !== 200 || answer.broken || digest(answer.body) !== digest(right.body),
        ).length;
      }),
    ),
  );
  return failures.reduce((sum, one) => sum + one, 0);
}

function storedZips(store: string): string[] {
  return readdirSync(join(store, 'modules'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.zip'))
    .toSorted();
}

/** What stands in the scratch directories of live processes. */
function scratchFiles(store: string): string[] {
  return readdirSync(join(store, 'scratch'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.includes('/') && !name.endsWith('owner.json'),
  );
}

async function eventually(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let tried = 0; tried < 100; tried += 1) {
    if (await isSo()) return;
    await sleep(100);
  }
  assert.fail(`${what} did not come true in 10 s`);
}

test('a full disk fails no client while the upstream works, and storing goes on when there is space again', async (context) => {
  const disk = smallDisk(context);
  if (disk === undefined) return;
  const origin = await startOrigin(context, { modules: EVERYTHING });
  const cofferdam = await startCofferdam(context, { upstream: origin.url, store: disk });
  const filler = fillUp(disk, 0);
  assert.equal(await failuresOfAll(origin, cofferdam.address), 0);
  assert.deepEqual(storedZips(disk), []);
  await eventually(() => scratchFiles(disk).length === 0, 'empty scratch directories');
  rmSync(filler);
  await eventually(async () => {
    const answer = await readAnswer(cofferdam.address + zipOf(FIRST), {}, PATIENCE);
    assert.equal(answer.status, 200);
    return storedZips(disk).length > 0;
  }, 'storing');
});

test('a disk that fills up while large bodies arrive breaks none of them', async (context) => {
  const disk = smallDisk(context);
  if (disk === undefined) return;
  const origin = await startOrigin(context, { modules: EVERYTHING });
  const cofferdam = await startCofferdam(context, { upstream: origin.url, store: disk });
  // 96 MB of zips onto what is left of the disk.
  fillUp(disk, 40 << 20);
  assert.equal(await failuresOfAll(origin, cofferdam.address), 0);
  await cofferdam.stop(5000);
  for (const name of storedZips(disk)) {
    const path = `/${name}`;
    const right = await readAnswer(origin.url + path, {}, PATIENCE);
    assert.equal(
      digest(readFileSync(join(disk, 'modules', name))),
      digest(right.body),
      `${name} is stored whole or not at all`,
    );
  }
});

test('a disk that became read-only fails no client', async (context) => {
  const origin = await startOrigin(context, { modules: EVERYTHING });
  let isReadOnly = false;
  const cofferdam = await startCofferdam(context, { upstream: origin.url }, (files) => {
    async function refuse(): Promise<void> {
      if (isReadOnly) throw new ProgramError(READ_ONLY);
    }
    return {
      ...files,
      create: async (path) => refuse().then(async () => files.create(path)),
      rename: async (from, to) => refuse().then(async () => files.rename(from, to)),
      append: async (path, bytes) => refuse().then(async () => files.append(path, bytes)),
      writeAtomically: async (path, bytes, scratch, note) =>
        refuse().then(async () => files.writeAtomically(path, bytes, scratch, note)),
    };
  });
  isReadOnly = true;
  assert.equal(await failuresOfAll(origin, cofferdam.address), 0);
  assert.deepEqual(storedZips(cofferdam.store), []);
  isReadOnly = false;
});

const READ_ONLY = {
  code: 'disk-denied',
  kind: 'denied',
  message: 'cannot create: read-only file system',
} as const;
