import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ModuleSpecification, Origin } from '../../src/drills/index.ts';
import { readAnswer } from '../support/read-answer.ts';
import { startCofferdam } from '../support/start-cofferdam.ts';
import { startOrigin } from '../support/start-origin.ts';
import { runProgram, startProgram } from '../support/start-program.ts';
import type { StartedProgram } from '../support/start-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MODULE = { path: 'm.test/large', version: 'v1.0.0', zipBytes: 24_000_000 };
const ZIP = `/${MODULE.path}/@v/${MODULE.version}.zip`;
/** Three seconds for the whole: it is noted each second. */
const NARROW = { bytesPerSecond: 8_000_000 };
const PATIENCE = 40_000;
const NOTE = '.note';

interface Place {
  readonly store: string;
  readonly origin: Origin;
  /** SHA-256 of the right zip. */
  readonly right: string;
}

async function prepare(context: TestContext): Promise<Place> {
  const origin = await startOrigin(context, { modules: [MODULE] });
  const right = digest((await readAnswer(origin.url + ZIP)).body);
  return { store: await temporaryFolder(context), origin, right };
}

async function serve(context: TestContext, place: Place): Promise<StartedProgram> {
  const { store, origin } = place;
  return startProgram(context, ['--store', store, '--upstream', origin.url, '--sumdb', 'off']);
}

/** A download that came so far that it was noted, and then ended with its process. Gives how far. */
async function interrupt(
  context: TestContext,
  place: Place,
  end: (program: StartedProgram) => void,
): Promise<number> {
  const { origin, store } = place;
  origin.setNetwork(NARROW);
  const program = await serve(context, place);
  const answer = readAnswer(program.address + ZIP, {}, PATIENCE);
  const size = await noted(join(store, 'scratch'));
  const gone = new Promise((resolve) => program.child.once('exit', resolve));
  end(program);
  await gone;
  assert.equal((await answer).broken, true);
  origin.setNetwork({});
  origin.resetCounts();
  return size;
}

/** Waits for the note that a quarter of the body is here; gives how much it is. */
async function noted(directory: string): Promise<number> {
  for (;;) {
    const names = await readdir(directory, { recursive: true });
    const name = names.find((name) => name.endsWith(NOTE));
    if (name !== undefined) {
      const { size } = JSON.parse(await readFile(join(directory, name), 'utf8')) as PartialSize;
      if (size > MODULE.zipBytes / 4) return size;
    }
    await sleep(20);
  }
}

interface PartialSize {
  readonly size: number;
}

/** Of the zip, since the interruption. */
function asked(origin: Origin): { readonly requests: number; readonly bytes: number } {
  const { requests = 0, bytes = 0 } = origin.counts().paths[ZIP] ?? {};
  return { requests, bytes };
}

/** Clients have the end before the disk does. */
async function nothingKept({ store }: Place): Promise<void> {
  for (let tries = 0; (await readdir(join(store, 'partials'))).length > 0; tries += 1) {
    assert.ok(tries < 500, 'what was kept is still there');
    await sleep(20);
  }
}

async function continued(address: string): Promise<number> {
  const { body } = await readAnswer(`${address}/-/metrics`);
  const found = /^cofferdam_upstream_resumes_total\{outcome="kept"\} (\d+)$/mu.exec(
    body.toString(),
  );
  return Number(found?.[1] ?? 0);
}

async function assertRight(address: string, right: string): Promise<void> {
  const answer = await readAnswer(address + ZIP, {}, PATIENCE);
  assert.deepEqual([answer.status, answer.broken], [200, false]);
  assert.equal(digest(answer.body), right);
}

function digest(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}

const ENDS: readonly (readonly [string, (program: StartedProgram) => void])[] = [
  ['killed', ({ child }) => child.kill('SIGKILL')],
  [
    'asked to stop twice',
    ({ child }) => {
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGTERM'), 200);
    },
  ],
];

for (const [name, end] of ENDS) {
  test(`a download goes on where it was when its server is ${name}`, async (context) => {
    const place = await prepare(context);
    const size = await interrupt(context, place, end);
    const next = await serve(context, place);
    await assertRight(next.address, place.right);
    const { requests, bytes } = asked(place.origin);
    context.diagnostic(`${bytes} of ${MODULE.zipBytes} bytes were sent again`);
    assert.equal(requests, 1);
    assert.ok(bytes > 0 && bytes <= MODULE.zipBytes - size, `${bytes} bytes`);
    assert.equal(await continued(next.address), 1);
    assert.equal(await next.stop(), 0);
    await nothingKept(place);
    assert.equal(digest(await readFile(join(place.store, 'modules', ZIP))), place.right);
  });
}

test('a server that ends in good order keeps an unfinished download', async (context) => {
  const place = await prepare(context);
  place.origin.setNetwork(NARROW);
  const settings = { upstream: place.origin.url, store: place.store };
  const first = await startCofferdam(context, settings);
  const answer = readAnswer(first.address + ZIP, {}, PATIENCE);
  const size = await noted(join(place.store, 'scratch'));
  await first.stop(100);
  assert.equal((await answer).broken, true);
  place.origin.setNetwork({});
  place.origin.resetCounts();
  const second = await startCofferdam(context, settings);
  await assertRight(second.address, place.right);
  assert.ok(asked(place.origin).bytes <= MODULE.zipBytes - size);
});

/** At the same address, which now serves another file. */
async function replaceOrigin(
  context: TestContext,
  place: Place,
  module: ModuleSpecification,
): Promise<Place> {
  const { port } = new URL(place.origin.url);
  await place.origin.close();
  const origin = await startOrigin(context, { modules: [module], port: Number(port) });
  const right = digest((await readAnswer(origin.url + ZIP)).body);
  assert.notEqual(right, place.right);
  origin.resetCounts();
  return { ...place, origin, right };
}

test('another file behind the same name is fetched from its start', async (context) => {
  const place = await prepare(context);
  await interrupt(context, place, ({ child }) => child.kill('SIGKILL'));
  const zipBytes = MODULE.zipBytes + 1;
  const replaced = await replaceOrigin(context, place, { ...MODULE, zipBytes });
  const next = await serve(context, replaced);
  await assertRight(next.address, replaced.right);
  assert.deepEqual(asked(replaced.origin), { requests: 1, bytes: zipBytes });
  assert.equal(await continued(next.address), 0);
});

test('another file under the same ETag is noticed before a client has a byte of it', async (context) => {
  const place = await prepare(context);
  await interrupt(context, place, ({ child }) => child.kill('SIGKILL'));
  // The origin makes the ETag of version and length.
  const replaced = await replaceOrigin(context, place, {
    ...MODULE,
    files: { 'other.go': 'package other\n' },
  });
  const next = await serve(context, replaced);
  await assertRight(next.address, replaced.right);
  assert.equal(asked(replaced.origin).requests, 2);
  assert.equal(await continued(next.address), 1);
  await nothingKept(place);
});

test('a download that an upstream gave up goes on with the next request', async (context) => {
  const place = await prepare(context);
  const { origin, store } = place;
  origin.setNetwork(NARROW);
  const cofferdam = await startCofferdam(context, { upstream: origin.url, store });
  const broken = readAnswer(cofferdam.address + ZIP, {}, PATIENCE);
  const size = await noted(join(store, 'scratch'));
  const { port } = new URL(origin.url);
  await origin.close();
  assert.equal((await broken).broken, true);
  const again = await startOrigin(context, { modules: [MODULE], port: Number(port) });
  await assertRight(cofferdam.address, place.right);
  assert.ok(asked(again).bytes <= MODULE.zipBytes - size);
  await nothingKept(place);
});

test('a byte that flipped in what was kept is found, and the file is fetched from its start', async (context) => {
  const place = await prepare(context);
  await interrupt(context, place, ({ child }) => child.kill('SIGKILL'));
  const scratch = join(place.store, 'scratch');
  const names = await readdir(scratch, { recursive: true });
  const note = names.find((name) => name.endsWith(NOTE)) ?? '';
  await flip(join(scratch, note.slice(0, -NOTE.length)), 100_000);
  const next = await serve(context, place);
  await assertRight(next.address, place.right);
  assert.deepEqual(asked(place.origin), { requests: 1, bytes: MODULE.zipBytes });
  await nothingKept(place);
});

test('a command that shares the store leaves the download of a living server alone', async (context) => {
  const place = await prepare(context);
  place.origin.setNetwork(NARROW);
  const program = await serve(context, place);
  const answer = readAnswer(program.address + ZIP, {}, PATIENCE);
  await noted(join(place.store, 'scratch'));
  const ended = await runProgram(['run', '--store', place.store, '--', 'true']);
  assert.equal(ended.code, 0, ended.stderr);
  assert.deepEqual(await readdir(place.store).then((all) => all.includes('partials')), false);
  assert.equal(digest((await answer).body), place.right);
});

async function flip(path: string, position: number): Promise<void> {
  const file = await open(path, 'r+');
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, position);
  await file.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, position);
  await file.close();
}
