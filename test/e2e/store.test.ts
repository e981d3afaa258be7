import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Origin } from '../../src/drills/index.ts';
import { createDiskFiles, createFileLocks } from '../../src/platform/adapters.ts';
import { readAnswer } from '../support/read-answer.ts';
import { startCofferdam } from '../support/start-cofferdam.ts';
import { startOrigin } from '../support/start-origin.ts';
import { startProgram } from '../support/start-program.ts';
import type { StartedProgram } from '../support/start-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const BIN = new URL('../../bin/cofferdam', import.meta.url).pathname;
const VERSION = 'v1.0.0';
/** Small ones are read whole, the last piece by piece. */
const MODULES = [
  { path: 'm.test/one', version: VERSION, zipBytes: 3000 },
  { path: 'm.test/two', version: VERSION, zipBytes: 200_000 },
  { path: 'm.test/three', version: VERSION, zipBytes: 2_000_000 },
];
const DAY = 86_400_000;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `bin/cofferdam store …`, to its end. */
async function store(...words: readonly string[]): Promise<Ended> {
  const child = spawn(BIN, ['store', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

/** The same with `--format json`, which must be one line that parses and nothing else. */
async function report<T>(code: number, ...words: readonly string[]): Promise<T> {
  const ended = await store(...words, '--format', 'json');
  assert.equal(ended.code, code, `${words.join(' ')}: ${ended.stderr}`);
  assert.match(ended.stdout, /^\{"version":1,.*\}\n$/u);
  return JSON.parse(ended.stdout) as T;
}

interface Filled {
  readonly folder: string;
  readonly origin: Origin;
  readonly server: StartedProgram;
}

/** A store that a server filled with every file of every module; the server still runs. */
async function fill(context: TestContext, words: readonly string[] = []): Promise<Filled> {
  const origin = await startOrigin(context, { modules: MODULES });
  const folder = await temporaryFolder(context);
  const server = await serve(context, folder, origin, words);
  for (const { path } of MODULES) {
    for (const kind of ['info', 'mod', 'zip']) {
      assert.equal((await readAnswer(`${server.address}/${fileOf(path, kind)}`)).status, 200);
    }
  }
  await eventually(async () => (await stats(folder)).artifacts === 9, 'nine stored artifacts');
  return { folder, origin, server };
}

async function serve(
  context: TestContext,
  folder: string,
  origin: Origin,
  words: readonly string[] = [],
): Promise<StartedProgram> {
  const base = ['--store', folder, '--upstream', origin.url, '--sumdb', 'off'];
  return startProgram(context, [...base, '--look-ahead', 'off', ...words]);
}

function fileOf(path: string, kind: string): string {
  return `${path}/@v/${VERSION}.${kind}`;
}

async function eventually(isSo: () => Promise<boolean>, what: string): Promise<void> {
  for (let tried = 0; tried < 50; tried += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`${what} did not come true`);
}

interface Stats {
  readonly modules: number;
  readonly versions: number;
  readonly artifacts: number;
  readonly bytes: number;
  readonly quarantined: number;
  readonly maximumBytes?: number;
  readonly lastUsed?: string;
  readonly blocked: readonly { readonly path: string; readonly reason: string }[];
  readonly lastScrub?: { readonly artifacts: number; readonly damaged: number };
}

async function stats(folder: string): Promise<Stats> {
  return report<Stats>(0, 'stats', '--store', folder);
}

/** One bit in the middle; size and time stay. */
async function flipBit(folder: string, path: string, kind: string): Promise<void> {
  const file = join(folder, 'modules', fileOf(path, kind));
  const { atime, mtime, size } = await stat(file);
  const bytes = await readFile(file);
  const middle = Math.floor(size / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 16;
  await writeFile(file, bytes);
  await utimes(file, atime, mtime);
}

interface Collected {
  readonly dryRun: boolean;
  readonly evicted: readonly { readonly path: string; readonly version: string }[];
  readonly evictedVersions: number;
  readonly isOverBudget: boolean;
}

interface Purged {
  readonly dryRun: boolean;
  readonly removed: readonly { readonly path: string; readonly version: string }[];
}

interface Refreshed {
  readonly modules: readonly {
    readonly resources: readonly { readonly outcome: string }[];
  }[];
}

interface Verified {
  readonly artifacts: number;
  readonly damaged: number;
  readonly repaired: number;
  readonly isComplete: boolean;
  readonly findings: readonly Record<string, unknown>[];
}

const FINDING_NAMES = [
  'checked',
  'code',
  'confidence',
  'dependsOn',
  'evidence',
  'explanation',
  'fix',
  'owner',
  'retry',
  'severity',
  'title',
];

/** As if nobody had asked for it since. */
async function age(folder: string, path: string, days: number): Promise<void> {
  const at = new Date(Date.now() - days * DAY);
  for (const kind of ['info', 'mod', 'zip']) {
    await utimes(join(folder, 'modules', fileOf(path, kind)), at, at);
  }
  const database = new DatabaseSync(join(folder, 'cofferdam.db'));
  const statement = database.prepare('UPDATE last_uses SET used_ms = ? WHERE unit = ?');
  statement.run(at.getTime(), `${path}/@v/${VERSION}`);
  database.close();
}

async function isStored(folder: string, path: string): Promise<boolean> {
  return stat(join(folder, 'modules', fileOf(path, 'zip'))).then(
    () => true,
    () => false,
  );
}

async function ask(server: StartedProgram, path: string, kind: string): Promise<number> {
  return (await readAnswer(`${server.address}/${fileOf(path, kind)}`)).status;
}

test('stats counts what is stored, beside a server and through it', async (context) => {
  const { folder, server } = await fill(context, ['--max-store-size', '3GiB']);
  const beside = await stats(folder);
  assert.deepEqual([beside.modules, beside.versions, beside.artifacts], [3, 3, 9]);
  const least = MODULES.reduce((sum, { zipBytes }) => sum + zipBytes, 0);
  assert.ok(beside.bytes > least && beside.bytes < least + 20 * 4096, String(beside.bytes));
  assert.equal(beside.maximumBytes, 20 * 2 ** 30);
  const through = await report<Stats>(0, 'stats', '--server', server.address);
  const same = { freeBytes: 0, lastUsed: '', maximumBytes: 3 * 2 ** 30 };
  assert.deepEqual({ ...through, ...same }, { ...beside, ...same });
  const text = await store('stats', '--store', folder);
  assert.equal(text.code, 0);
  assert.match(
    text.stdout,
    /^modules {8}3\nversions {7}3\nartifacts {6}9\nsize {11}2\.\d MiB of 20\.0 GiB$/mu,
  );
  assert.match(text.stdout, /^last verified {2}never$/mu);
  assert.equal(text.stderr, 'sizes are on the disk, in whole blocks\n');
});

test('verify finds flipped bits, mends what the upstream has, and says which they were', async (context) => {
  const { folder, origin, server } = await fill(context);
  assert.equal(await server.stop(), 0);
  await flipBit(folder, 'm.test/one', 'mod');
  await flipBit(folder, 'm.test/three', 'zip');
  const look = await report<Verified>(1, 'verify', '--store', folder, '--dry-run');
  assert.deepEqual([look.damaged, look.repaired, (await stats(folder)).quarantined], [2, 0, 0]);
  const words = ['verify', '--store', folder, '--upstream', origin.url, '--sumdb', 'off'];
  const mended = await report<Verified>(1, ...words);
  assert.deepEqual([mended.artifacts, mended.damaged, mended.repaired], [9, 2, 2]);
  for (const finding of mended.findings) {
    assert.deepEqual(Object.keys(finding).toSorted(), FINDING_NAMES);
    assert.deepEqual([finding['code'], finding['severity']], ['artifact-damaged', 'warning']);
  }
  assert.deepEqual(
    mended.findings.map(({ title }) => title),
    [
      'the stored mod of m.test/one@v1.0.0 is damaged',
      'the stored zip of m.test/three@v1.0.0 is damaged',
    ],
  );
  for (const [path, kind] of [
    ['m.test/one', 'mod'],
    ['m.test/three', 'zip'],
  ] as const) {
    const { body } = await readAnswer(`${origin.url}/${fileOf(path, kind)}`);
    assert.ok((await readFile(join(folder, 'modules', fileOf(path, kind)))).equals(body));
  }
  const after = await stats(folder);
  assert.deepEqual([after.quarantined, after.lastScrub?.damaged], [2, 2]);
  const text = await store(...words);
  assert.deepEqual([text.code, text.stdout], [0, '']);
  assert.match(text.stderr, /^9 artifacts, .* read: all as they were stored\n$/u);
});

test('verify quarantines what nobody can give again, also when database and sums are lost', async (context) => {
  const { folder, server } = await fill(context);
  assert.equal(await server.stop(), 0);
  for (const name of ['cofferdam.db', 'cofferdam.db-wal', 'cofferdam.db-shm', 'blocks']) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
  await flipBit(folder, 'm.test/two', 'zip');
  const { code, stdout, stderr } = await store('verify', '--store', folder, '--offline');
  assert.equal(code, 1, stderr);
  assert.match(
    stdout,
    /^error: the stored zip of m\.test\/two@v1\.0\.0 is damaged \[artifact-damaged\]\n/u,
  );
  assert.match(stdout, /quarantine/u);
  assert.match(stderr, /1 damaged, 0 of them fetched again/u);
  assert.equal(await isStored(folder, 'm.test/two'), false);
  const database = new DatabaseSync(join(folder, 'cofferdam.db'), { readOnly: true });
  const row = database.prepare('SELECT count(*) AS facts FROM artifacts').get();
  database.close();
  assert.deepEqual({ ...row }, { facts: 9 });
});

test('a running server verifies and mends its own store when it is asked to', async (context) => {
  const { folder, server } = await fill(context);
  await flipBit(folder, 'm.test/two', 'zip');
  const verified = await report<Verified>(1, 'verify', '--server', server.address);
  assert.deepEqual([verified.artifacts, verified.damaged, verified.repaired], [9, 1, 1]);
  assert.deepEqual(Object.keys(verified.findings[0] ?? {}).toSorted(), FINDING_NAMES);
  assert.equal((await report<Verified>(0, 'verify', '--server', server.address)).damaged, 0);
});

test('gc removes what was used longest ago, and never what is pinned or in use', async (context) => {
  const { folder, origin, server } = await fill(context);
  assert.equal(await server.stop(), 0);
  await age(folder, 'm.test/one', 30);
  await age(folder, 'm.test/two', 20);
  const words = ['gc', '--store', folder, '--max-store-size'];
  const plan = await report<Collected>(0, ...words, '2150KiB', '--dry-run', '--pin', 'm.test/one');
  assert.deepEqual(
    [plan.evicted, plan.isOverBudget],
    [[{ path: 'm.test/two', version: VERSION }], false],
  );
  assert.ok(await isStored(folder, 'm.test/two'));
  const done = await report<Collected>(0, ...words, '2150KiB', '--pin', 'm.test/one');
  assert.deepEqual({ ...done, dryRun: true }, plan);
  assert.equal(await isStored(folder, 'm.test/two'), false);
  const again = await serve(context, folder, origin, ['--max-store-size', '1MiB']);
  assert.equal(await ask(again, 'm.test/two', 'zip'), 200);
  assert.equal(await ask(again, 'm.test/three', 'info'), 200);
  const used = await store('gc', '--server', again.address);
  assert.equal(used.code, 1);
  assert.equal(used.stdout, 'm.test/one@v1.0.0\n');
  assert.match(
    used.stderr,
    /^1 version with .* left, 2 with .* stay; the rest is pinned or in use/u,
  );
  assert.ok(await isStored(folder, 'm.test/three'));
});

test('purge takes a version out of disk and memory, refuses it when told to, and takes that back', async (context) => {
  const { folder, origin, server } = await fill(context);
  const module = 'm.test/one@v1.0.0';
  assert.equal(await ask(server, 'm.test/one', 'zip'), 200);
  origin.resetCounts();
  const words = ['purge', module, '--server', server.address];
  const plan = await report<Purged>(0, ...words, '--reason', 'x', '--dry-run');
  assert.deepEqual(plan.removed, [{ path: 'm.test/one', version: VERSION }]);
  assert.ok(await isStored(folder, 'm.test/one'));
  assert.deepEqual(await report<Purged>(0, ...words, '--reason', 'bad bytes'), {
    ...plan,
    dryRun: false,
  });
  assert.equal(await isStored(folder, 'm.test/one'), false);
  assert.equal(await ask(server, 'm.test/one', 'zip'), 200);
  assert.ok(origin.counts().total.requests > 0, 'it came from memory');

  const blocked = await store(...words, '--reason', 'a licence', '--block');
  assert.deepEqual([blocked.code, blocked.stdout], [0, `${module}\n`]);
  assert.match(blocked.stderr, /is refused from now on\n$/u);
  const refused = await readAnswer(`${server.address}/${fileOf('m.test/one', 'zip')}`);
  assert.equal(refused.status, 403);
  assert.match(refused.body.toString(), /a licence/u);
  const list = await readAnswer(`${server.address}/m.test/one/@v/list`);
  assert.deepEqual([list.status, list.body.toString()], [200, '']);
  const latest = await readAnswer(`${server.address}/m.test/one/@latest`);
  assert.equal(latest.status, 403);
  assert.match(latest.body.toString(), /a licence/u);
  assert.deepEqual(
    (await stats(folder)).blocked.map(({ path, reason }) => [path, reason]),
    [['m.test/one', 'a licence']],
  );
  await report<Purged>(0, ...words, '--reason', 'settled', '--lift');
  assert.equal(await ask(server, 'm.test/one', 'zip'), 200);
  const again = await readAnswer(`${server.address}/m.test/one/@v/list`);
  assert.equal(again.body.toString(), `${VERSION}\n`);
  const journal = await readFile(join(folder, 'journal', 'tombstones.jsonl'), 'utf8');
  const reasons = [...journal.matchAll(/"reason":"([^"]*)"/gu)].map(([, reason]) => reason);
  assert.deepEqual(reasons, ['bad bytes', 'a licence', 'settled']);
  const twice = await store(...words, '--reason', 'settled', '--lift');
  assert.equal(twice.code, 1);
  assert.match(twice.stderr, /m\.test\/one@v1\.0\.0 is not blocked/u);
});

async function purgeThrough(address: string, path: string): Promise<void> {
  const answer = await fetch(`${address}/-/api/v1/store/purge`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ path, version: VERSION, reason: 'other bytes' }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

test('after a purge other bytes may come, and what waited to be verified is gone', async (context) => {
  const [first] = MODULES;
  const module = first ?? assert.fail();
  const zip = fileOf(module.path, 'zip');
  const origin = await startOrigin(context, { modules: [module] });
  const filling = await startCofferdam(context, { upstream: origin.url });
  assert.equal((await readAnswer(`${filling.address}/${zip}`)).status, 200);
  await filling.stop(1000);
  await rm(join(filling.store, 'modules', zip));

  const other = await startOrigin(context, { modules: [{ ...module, zipBytes: 5000 }] });
  const changed = await startCofferdam(context, { upstream: other.url, store: filling.store });
  const refused = await readAnswer(`${changed.address}/${zip}`);
  assert.equal(refused.status, 502);
  assert.match(refused.body.toString(), /module-changed/u);
  await purgeThrough(changed.address, module.path);
  const { status, body } = await readAnswer(`${changed.address}/${zip}`);
  assert.equal(status, 200);
  assert.ok(body.equals((await readAnswer(`${other.url}/${zip}`)).body));
  await changed.stop(1000);

  const name = 'sums.test';
  const silent = await startOrigin(context, { modules: [module], checksumDatabase: name });
  silent.setFaults([{ path: '/sumdb/*', fault: { kind: 'status', status: 503 } }]);
  const database = { name, key: silent.database?.key ?? '', url: `${silent.url}/sumdb/${name}` };
  const waiting = await startCofferdam(context, { upstream: silent.url, databases: [database] });
  const pending = async (): Promise<boolean> =>
    stat(join(waiting.store, 'pending', zip)).then(
      () => true,
      () => false,
    );
  assert.equal(
    (await readAnswer(`${waiting.address}/${zip}`)).headers['cofferdam-verified'],
    'pending',
  );
  await eventually(pending, 'bytes that wait');
  await purgeThrough(waiting.address, module.path);
  assert.equal(await pending(), false);
});

test('refresh makes a pushed version known at once, and says when upstreams fail', async (context) => {
  const { folder, origin, server } = await fill(context);
  const list = `${server.address}/m.test/one/@v/list`;
  const read = async (): Promise<string> => (await readAnswer(list)).body.toString();
  assert.equal(await read(), `${VERSION}\n`);
  origin.addModules([{ path: 'm.test/one', version: 'v1.1.0', zipBytes: 3000 }]);
  assert.equal(await read(), `${VERSION}\n`);
  const words = ['refresh', 'm.test/one', '--server', server.address];
  const done = await store(...words);
  assert.deepEqual(
    [done.code, done.stdout],
    [0, 'm.test/one: list fresh\nm.test/one: latest fresh\n'],
  );
  assert.match(await read(), /v1\.1\.0\n/u);
  await origin.close();
  const { modules } = await report<Refreshed>(69, ...words);
  assert.deepEqual(
    modules[0]?.resources.map(({ outcome }) => outcome),
    ['unchanged', 'unchanged'],
  );
  assert.match(await read(), /v1\.1\.0\n/u);
  await server.stop();
  const unasked = await store('refresh', 'm.test/one', '--store', folder, '--offline');
  assert.deepEqual(
    [unasked.code, unasked.stdout],
    [1, 'm.test/one: refused: m.test/one: with --offline nobody is asked\n'],
  );
});

test('what changes a store is refused while a server uses it, and names that server', async (context) => {
  const { folder, server } = await fill(context);
  const gc = await store('gc', '--store', folder, '--max-store-size', '1MiB');
  assert.deepEqual([gc.code, gc.stdout], [2, '']);
  assert.match(
    gc.stderr,
    /^error: a cofferdam serve uses the store .*, so it has to do this itself\n/u,
  );
  assert.ok(gc.stderr.includes(`cofferdam store gc --server ${server.address};`), gc.stderr);
  const plan = await report<Collected>(
    1,
    'gc',
    '--store',
    folder,
    '--max-store-size',
    '1MiB',
    '--dry-run',
  );
  assert.deepEqual([plan.evictedVersions, plan.isOverBudget], [0, true]);
  await server.stop();
  const locks = createFileLocks({ files: createDiskFiles() });
  const lock = await locks.tryExclusive(join(folder, 'upkeep.lock'));
  const busy = await store('verify', '--store', folder);
  assert.equal(busy.code, 75);
  assert.match(busy.stderr, /is being verified or cleaned by somebody else/u);
  await lock?.release();
});

test('worker processes pass on what changes the store, and who asked for it', async (context) => {
  const { folder, server } = await fill(context, ['--workers', '2']);
  const words = [
    'purge',
    'm.test/one@v1.0.0',
    '--server',
    server.address,
    '--reason',
    'x',
    '--block',
  ];
  const { code, stderr } = await store(...words);
  assert.equal(code, 0, stderr);
  assert.equal(await isStored(folder, 'm.test/one'), false);
  for (let tried = 0; tried < 10; tried += 1) {
    assert.equal(await ask(server, 'm.test/one', 'zip'), 403);
  }
});

test('bad input is refused with exit code 2 and one sentence', async (context) => {
  const folder = await temporaryFolder(context);
  await mkdir(join(folder, 'modules'));
  const cases: readonly (readonly [RegExp, ...string[]])[] = [
    [/there is no store in/u, 'stats', '--store', join(folder, 'nowhere')],
    [
      /--max-store-size: "nonsense" is not a size/u,
      'gc',
      '--store',
      folder,
      '--max-store-size',
      'nonsense',
    ],
    [/is no module path/u, 'purge', '../x@v1.0.0', '--store', folder, '--reason', 'x'],
    [
      /is no version of m\.test\/one/u,
      'purge',
      'm.test/one@latest',
      '--store',
      folder,
      '--reason',
      'x',
    ],
    [/without a path or credentials/u, 'stats', '--server', 'http://u:secret@127.0.0.1:1/x'],
  ];
  const empty = report<Verified>(3, 'verify', '--store', folder);
  const refused = cases.map(async ([expected, ...words]) => {
    const { code, stdout, stderr } = await store(...words);
    assert.deepEqual([code, stdout], [2, ''], stderr);
    assert.match(stderr, /^error: [^\n]+\n(?:\nhint: [^\n]+\n)?$/u);
    assert.match(stderr, expected);
    assert.ok(!stderr.includes('secret'));
  });
  await Promise.all([empty, ...refused]);
  const gone = await store('stats', '--server', 'http://127.0.0.1:9');
  assert.equal(gone.code, 69, gone.stderr);
});
