import assert from 'node:assert/strict';
import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createModuleGraph } from '../../src/drills/index.ts';
import type { FaultRule, Origin } from '../../src/drills/index.ts';
import { goModDownload } from '../support/run-go.ts';
import { startCofferdam } from '../support/start-cofferdam.ts';
import type { StartedCofferdam } from '../support/start-cofferdam.ts';
import { startOrigin } from '../support/start-origin.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DATABASE = 'sums.test';
const MODULE = { path: 'm.test/x', version: 'v1.0.0' };
const ZIP = 'm.test/x/@v/v1.0.0.zip';
const MOD = 'm.test/x/@v/v1.0.0.mod';

const DATABASE_DOWN: readonly FaultRule[] = [
  { path: '/sumdb/*', fault: { kind: 'status', status: 503 } },
];

/** The same names with other content. */
async function startLiar(
  context: TestContext,
  files: Readonly<Record<string, string>> = { 'lie.go': 'package lie\n' },
): Promise<Origin> {
  return startOrigin(context, { modules: [{ ...MODULE, zipBytes: 3000, files }] });
}

async function startHonest(context: TestContext, zipBytes = 3000): Promise<Origin> {
  return startOrigin(context, {
    modules: [{ ...MODULE, zipBytes }],
    checksumDatabase: DATABASE,
    recordsAhead: true,
  });
}

/** The database is asked at this origin directly, whatever the upstream list. */
function databaseAt(origin: Origin): {
  readonly name: string;
  readonly key: string;
  readonly url: string;
} {
  return {
    name: DATABASE,
    key: origin.database?.key ?? '',
    url: `${origin.url}/sumdb/${DATABASE}`,
  };
}

async function isStored(
  engine: StartedCofferdam,
  key: string,
  folder = 'modules',
): Promise<boolean> {
  return access(join(engine.store, folder, key)).then(
    () => true,
    () => false,
  );
}

async function get(engine: StartedCofferdam, key: string): Promise<Response & { text: string }> {
  const response = await fetch(`${engine.address}/${key}`);
  const body = Buffer.from(await response.arrayBuffer()).toString('latin1');
  return Object.assign(response, { text: body });
}

async function until(what: string, check: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assert.fail(`${what} did not happen`);
}

test('go downloads a graph that the database vouches for, through a comma list whose first entry lies', async (context) => {
  const graph = createModuleGraph({ modules: 12, depth: 3, medianZipBytes: 4000, seed: 'verify' });
  const honest = await startOrigin(context, {
    modules: graph.modules,
    checksumDatabase: DATABASE,
    recordsAhead: true,
  });
  const lies = graph.modules.map((one) => ({ ...one, files: { 'lie.go': 'package lie\n' } }));
  const liar = await startOrigin(context, { modules: lies });
  const engine = await startCofferdam(context, {
    upstream: `${liar.url},${honest.url}`,
    databases: [databaseAt(honest)],
  });
  const folder = await temporaryFolder(context);
  const sums = graph.main['go.sum'] ?? '';
  const downloaded = await goModDownload(join(folder, 'main'), graph.main, {
    GOPROXY: engine.address,
    GOSUMDB: honest.database?.key ?? '',
  });
  assert.equal(downloaded.length, 12);
  for (const { Path, Version, Sum } of downloaded) {
    assert.ok(sums.includes(`${Path} ${Version} ${Sum}\n`), `${Path} is not what go.sum has`);
  }
});

test('a hash that the database contradicts is neither served nor stored, and the answer says who sent what', async (context) => {
  const honest = await startHonest(context);
  const liar = await startLiar(context);
  const engine = await startCofferdam(context, {
    upstream: liar.url,
    databases: [databaseAt(honest)],
  });
  const refused = await get(engine, ZIP);
  assert.equal(refused.status, 502);
  assert.match(refused.text, /refused by verification: module-hash-mismatch/);
  assert.match(refused.text, /127\.0\.0\.1:\d+ sent h1:\S+, but sums\.test has h1:/);
  assert.equal(await isStored(engine, ZIP), false);
  assert.equal((await get(engine, MOD)).status, 200);
  const folder = await temporaryFolder(context);
  await assert.rejects(
    goModDownload(
      join(folder, 'main'),
      { 'go.mod': 'module main.test\n\ngo 1.21\n\nrequire m.test/x v1.0.0\n' },
      { GOPROXY: engine.address, GOSUMDB: 'off' },
    ),
    ({ stdout }: { readonly stdout: string }) => stdout.includes('module-hash-mismatch'),
  );
});

test('a large body that does not verify ends in a broken connection', async (context) => {
  const honest = await startHonest(context, 3_000_000);
  const liar = await startOrigin(context, {
    modules: [{ ...MODULE, zipBytes: 3_000_000, files: { 'zz.go': 'package lie\n' } }],
  });
  const engine = await startCofferdam(context, {
    upstream: liar.url,
    databases: [databaseAt(honest)],
  });
  await assert.rejects(async () => {
    const response = await fetch(`${engine.address}/${ZIP}`);
    assert.equal(response.status, 200);
    await response.arrayBuffer();
  }, TypeError);
  assert.equal(await isStored(engine, ZIP), false);
});

test('while no database answers, new bytes are pending and beside the tree; they enter it when it is back', async (context) => {
  const honest = await startHonest(context);
  honest.setFaults(DATABASE_DOWN);
  const engine = await startCofferdam(context, {
    upstream: honest.url,
    databases: [databaseAt(honest)],
  });
  const first = await get(engine, ZIP);
  assert.equal(first.status, 200);
  assert.equal(first.headers.get('cofferdam-verified'), 'pending');
  assert.equal(first.headers.get('cache-control'), 'no-store');
  await until('keeping it', async () => isStored(engine, ZIP, 'pending'));
  assert.equal(await isStored(engine, ZIP), false);
  const again = await get(engine, ZIP);
  assert.equal(again.headers.get('cofferdam-verified'), 'pending');
  assert.equal(again.text, first.text);
  honest.setFaults([]);
  // A restart asks the database at once; a running proxy within its pause.
  await engine.stop(1000);
  const next = await startCofferdam(context, {
    upstream: honest.url,
    databases: [databaseAt(honest)],
    store: engine.store,
  });
  const verified = await get(next, ZIP);
  assert.equal(verified.headers.get('cofferdam-verified'), null);
  assert.equal(verified.text, first.text);
  assert.equal(verified.headers.get('cofferdam-cache'), 'hit');
  assert.equal(await isStored(next, ZIP), true);
  assert.equal(await isStored(next, ZIP, 'pending'), false);
});

test('--require-verification refuses what no database vouches for at that moment', async (context) => {
  const honest = await startHonest(context);
  honest.setFaults(DATABASE_DOWN);
  const engine = await startCofferdam(context, {
    upstream: honest.url,
    databases: [databaseAt(honest)],
    requireVerification: true,
  });
  const refused = await get(engine, ZIP);
  assert.equal(refused.status, 403);
  assert.match(refused.text, /verification-required/);
  assert.equal(await isStored(engine, ZIP), false);
  assert.equal(await isStored(engine, ZIP, 'pending'), false);
});

test('without a database the first sight decides, also after the artifact has left the store', async (context) => {
  const honest = await startHonest(context);
  const liar = await startLiar(context);
  const first = await startCofferdam(context, { upstream: honest.url });
  const seen = await get(first, ZIP);
  assert.equal(seen.status, 200);
  assert.equal(seen.headers.get('cofferdam-verified'), null);
  await until('storing it', async () => isStored(first, ZIP));
  await first.stop(1000);
  await rm(join(first.store, 'modules', ZIP));
  const second = await startCofferdam(context, { upstream: liar.url, store: first.store });
  const refused = await get(second, ZIP);
  assert.equal(refused.status, 502);
  assert.match(refused.text, /module-changed/);
  await second.stop(1000);
  const third = await startCofferdam(context, {
    upstream: `${liar.url}|${honest.url}`,
    store: first.store,
  });
  liar.resetCounts();
  assert.equal((await get(third, ZIP)).text, seen.text);
  // It is known as a liar about this version, and asked last.
  assert.equal(liar.counts().kinds['zip']?.requests ?? 0, 0);
});

test('private and excluded modules are never named to a database', async (context) => {
  const honest = await startHonest(context);
  const engine = await startCofferdam(context, {
    upstream: honest.url,
    databases: [databaseAt(honest)],
    noLookupPatterns: 'm.test',
  });
  assert.equal((await get(engine, ZIP)).status, 200);
  assert.equal((await get(engine, MOD)).status, 200);
  assert.equal(honest.counts().kinds['sumdb']?.requests ?? 0, 0);
});

test('what an older version stored unverified is verified before its next use', async (context) => {
  const honest = await startHonest(context);
  const liar = await startLiar(context);
  const first = await startCofferdam(context, { upstream: liar.url });
  const lie = await get(first, ZIP);
  await until('storing it', async () => isStored(first, ZIP));
  await first.stop(1000);
  const { DatabaseSync } = await import('node:sqlite');
  const facts = new DatabaseSync(join(first.store, 'cofferdam.db'));
  facts.exec("UPDATE artifacts SET state = 'unverified'");
  facts.close();
  const second = await startCofferdam(context, {
    upstream: honest.url,
    databases: [databaseAt(honest)],
    store: first.store,
  });
  const right = await get(second, ZIP);
  assert.equal(right.status, 200);
  assert.notEqual(right.text, lie.text);
  assert.equal(right.headers.get('cofferdam-cache'), 'fill');
});

test('a zip that breaks only rules on names is judged by its hash like any other', async (context) => {
  const files = { 'a:b.go': 'package x\n' };
  const honest = await startOrigin(context, {
    modules: [{ ...MODULE, zipBytes: 3000, files }],
    checksumDatabase: DATABASE,
    recordsAhead: true,
  });
  const liar = await startLiar(context, { 'a:b.go': 'package lie\n' });
  const engine = await startCofferdam(context, {
    upstream: `${liar.url}|${honest.url}`,
    databases: [databaseAt(honest)],
    requireVerification: true,
  });
  // go says better than anybody what is wrong with it, and hashes the same bytes.
  const right = await get(engine, ZIP);
  assert.equal(right.status, 200);
  assert.equal(right.headers.get('cofferdam-verified'), null);
  assert.equal(await isStored(engine, ZIP), false);
  honest.setFaults([{ kinds: ['zip'], fault: { kind: 'status', status: 404 } }]);
  const refused = await get(engine, ZIP);
  assert.equal(refused.status, 502);
  assert.match(refused.text, /module-hash-mismatch/);
});

test('a zip that nobody can hash is refused where a record exists or one is required', async (context) => {
  const files = { 'line\nbreak.go': 'package x\n' };
  const honest = await startHonest(context);
  const liar = await startLiar(context, files);
  const engine = await startCofferdam(context, {
    upstream: liar.url,
    databases: [databaseAt(honest)],
  });
  const refused = await get(engine, ZIP);
  assert.equal(refused.status, 502);
  assert.match(refused.text, /a zip with names that no h1 covers, .*module-hash-mismatch/);
  await engine.stop(1000);
  honest.setFaults(DATABASE_DOWN);
  const strict = await startCofferdam(context, {
    upstream: liar.url,
    databases: [databaseAt(honest)],
    requireVerification: true,
  });
  const required = await get(strict, ZIP);
  assert.equal(required.status, 403);
  assert.match(required.text, /verification-required/);
});
