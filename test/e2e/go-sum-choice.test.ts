// The go.sum beside `cofferdam run` chooses between answers, and never vouches for the shared store.
import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createModuleGraph } from '../../src/drills/index.ts';
import type { FaultRule, ModuleGraph, Origin } from '../../src/drills/index.ts';
import { parseSumfile } from '../../src/gomod/sumfile/index.ts';
import { download, sumLines } from '../support/go-download.ts';
import type { Outcome } from '../support/go-download.ts';
import { startCofferdam } from '../support/start-cofferdam.ts';
import type { StartedCofferdam } from '../support/start-cofferdam.ts';
import { startOrigin } from '../support/start-origin.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;
const DATABASE = 'sums.test';
const WRONG = `h1:${'A'.repeat(43)}=`;

const ALL_ALTERED: readonly FaultRule[] = [
  { share: 1, kinds: ['mod', 'zip'], fault: { kind: 'altered' } },
];
const DATABASE_DOWN: readonly FaultRule[] = [
  { path: '/sumdb/*', fault: { kind: 'status', status: 503 } },
];

type Expected = NonNullable<Parameters<typeof startCofferdam>[1]['expectedHashes']>;

/** One module and what go.sum has of it. */
interface Subject {
  readonly graph: ModuleGraph;
  readonly zip: string;
  readonly mod: string;
  readonly expected: Expected;
  /** The same lines with other hashes. */
  readonly wrong: Expected;
}

function subjectOf(zipBytes = 4000): Subject {
  const graph = createModuleGraph({ modules: 1, depth: 1, medianZipBytes: zipBytes, seed: 'one' });
  const [module] = graph.modules;
  assert.ok(module !== undefined);
  const { entries } = parseSumfile('go.sum', graph.main['go.sum'] ?? '');
  const expected = entries.map(({ path, version, hash, line = 0 }) => ({
    path,
    version: version.replace(/\/go\.mod$/u, ''),
    kind: version.endsWith('/go.mod') ? ('mod' as const) : ('zip' as const),
    hash,
    place: `go.sum:${line}`,
  }));
  const key = `${module.path}/@v/${module.version}`;
  const wrong = expected.map((one) => ({ ...one, hash: WRONG }));
  return { graph, zip: `${key}.zip`, mod: `${key}.mod`, expected, wrong };
}

async function startHonest(context: TestContext, { graph }: Subject): Promise<Origin> {
  return startOrigin(context, {
    modules: graph.modules,
    checksumDatabase: DATABASE,
    recordsAhead: true,
  });
}

/** The same names with other content of the right form. */
async function startLiar(context: TestContext, { graph }: Subject): Promise<Origin> {
  return startOrigin(context, { modules: graph.modules, faults: ALL_ALTERED });
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
  readonly text: string;
}

async function get(place: string, key: string): Promise<Answer> {
  const { status, headers, ...response } = await fetch(`${place}/${key}`).then(async (answer) => ({
    status: answer.status,
    headers: answer.headers,
    body: Buffer.from(await answer.arrayBuffer()),
  }));
  return { status, headers, body: response.body, text: response.body.toString('latin1') };
}

async function stored(
  engine: StartedCofferdam,
  key: string,
  folder = 'modules',
): Promise<Buffer | undefined> {
  return readFile(join(engine.store, folder, key)).catch(() => undefined);
}

async function untilStored(
  engine: StartedCofferdam,
  key: string,
  folder?: string,
): Promise<Buffer> {
  for (let look = 0; look < 400; look += 1) {
    const bytes = await stored(engine, key, folder);
    if (bytes !== undefined) return bytes;
    await sleep(25);
  }
  return assert.fail(`${key} was not stored`);
}

/** A shared store whose first sight of the zip and the go.mod is a lie, and what the lie is. */
async function poisonedStore(
  context: TestContext,
  subject: Subject,
): Promise<{ readonly store: string; readonly zip: Buffer; readonly mod: Buffer }> {
  const liar = await startLiar(context, subject);
  const engine = await startCofferdam(context, { upstream: liar.url });
  const { body: zip } = await get(engine.address, subject.zip);
  const { body: mod } = await get(engine.address, subject.mod);
  await untilStored(engine, subject.zip);
  await untilStored(engine, subject.mod);
  await engine.stop(1000);
  return { store: engine.store, zip, mod };
}

/** What an engine without any go.sum answers from this store alone. */
async function served(context: TestContext, store: string, key: string): Promise<Buffer> {
  const engine = await startCofferdam(context, { upstream: 'off', store, offline: true });
  const { body } = await get(engine.address, key);
  await engine.stop(1000);
  return body;
}

function databaseAt(origin: Origin): { name: string; key: string; url: string } {
  const key = origin.database?.key ?? '';
  return { name: DATABASE, key, url: `${origin.url}/sumdb/${DATABASE}` };
}

/** `cofferdam run -- go mod download` of a graph with go.sum beside it and no checksum database. */
async function runGo(
  context: TestContext,
  graph: ModuleGraph,
  upstream: string,
  goSum = graph.main['go.sum'] ?? '',
): Promise<Outcome & { readonly store: string }> {
  const folder = await temporaryFolder(context);
  const store = join(folder, 'store');
  const program = [process.execPath, '--disable-warning=ExperimentalWarning', MAIN];
  const outcome = await download({
    folder: join(folder, 'download'),
    files: { ...graph.main, 'go.sum': goSum },
    prefix: [...program, 'run', '--quiet', '--store', store, '--'],
    environment: { GOPROXY: upstream, GOSUMDB: 'off' },
    limitMilliseconds: 60_000,
    expected: sumLines(graph.main['go.sum'] ?? ''),
  });
  return { ...outcome, store };
}

test('run downloads a graph through one upstream of which a fifth of the answers are lies of the right form', async (context) => {
  const graph = createModuleGraph({ modules: 12, depth: 3, medianZipBytes: 4000, seed: 'choice' });
  const origin = await startOrigin(context, {
    modules: graph.modules,
    seed: 'choice',
    faults: [{ share: 0.2, kinds: ['mod', 'zip'], fault: { kind: 'altered' } }],
  });
  const outcome = await runGo(context, graph, origin.url);
  assert.equal(outcome.kind, 'success', outcome.text);
  origin.setFaults([]);
  for (const { path, version } of graph.modules) {
    for (const kind of ['mod', 'zip']) {
      const key = `${path}/@v/${version}.${kind}`;
      const right = await get(origin.url, key);
      const kept = await readFile(join(outcome.store, 'modules', key));
      assert.ok(kept.equals(right.body), `${key} in the store is not the module's`);
    }
  }
});

test('run takes the right bytes from the second upstream while the first always lies', async (context) => {
  const graph = createModuleGraph({ modules: 4, depth: 2, medianZipBytes: 4000, seed: 'two' });
  const liar = await startOrigin(context, { modules: graph.modules, faults: ALL_ALTERED });
  const honest = await startOrigin(context, { modules: graph.modules });
  const outcome = await runGo(context, graph, `${liar.url}|${honest.url}`);
  assert.equal(outcome.kind, 'success', outcome.text);
});

test('run ends with what go.sum has and what came, when every answer is a lie', async (context) => {
  const { graph, mod } = subjectOf();
  const liar = await startOrigin(context, { modules: graph.modules, faults: ALL_ALTERED });
  const outcome = await runGo(context, graph, liar.url);
  assert.equal(outcome.kind, 'fails');
  assert.match(outcome.text, /502 Bad Gateway/u);
  assert.match(
    outcome.text,
    /127\.0\.0\.1:\d+ sent h1:\S{44}, but go\.sum:\d has h1:\S{44} \(go-sum-mismatch\)/u,
  );
  await assert.rejects(readFile(join(outcome.store, 'modules', mod)), /ENOENT/u);
});

test('a lie is neither served nor stored, and goes into no quarantine that others would feel', async (context) => {
  const subject = subjectOf();
  const liar = await startLiar(context, subject);
  const { expected } = subject;
  const engine = await startCofferdam(context, { upstream: liar.url, expectedHashes: expected });
  for (const key of [subject.zip, subject.mod]) {
    const refused = await get(engine.address, key);
    assert.equal(refused.status, 502);
    assert.match(refused.text, /refused by verification: go-sum-mismatch/u);
    assert.equal(await stored(engine, key), undefined);
  }
  await engine.stop(1000);
  const { DatabaseSync } = await import('node:sqlite');
  const facts = new DatabaseSync(join(engine.store, 'cofferdam.db'));
  context.after(() => facts.close());
  const { count } = facts.prepare('SELECT count(*) AS count FROM quarantines').get() ?? {};
  assert.equal(count, 0);
});

for (const [name, zipBytes] of [
  ['small', 4000],
  ['large', 3_000_000],
] as const) {
  test(`a wrong first sight of a ${name} zip in the shared store costs the run a fetch, and stays for the others`, async (context) => {
    const subject = subjectOf(zipBytes);
    const poisoned = await poisonedStore(context, subject);
    const honest = await startHonest(context, subject);
    const { expected: expectedHashes } = subject;
    const { store } = poisoned;
    const run = await startCofferdam(context, { upstream: honest.url, store, expectedHashes });
    for (const key of [subject.zip, subject.mod]) {
      const right = await get(honest.url, key);
      for (let time = 0; time < 2; time += 1) {
        const chosen = await get(run.address, key);
        assert.equal(chosen.status, 200);
        assert.ok(chosen.body.equals(right.body), `${key} is not the module's`);
      }
    }
    await run.stop(1000);
    assert.ok((await untilStored(run, subject.zip)).equals(poisoned.zip));
    assert.ok((await untilStored(run, subject.mod)).equals(poisoned.mod));
    assert.ok((await served(context, store, subject.zip)).equals(poisoned.zip));
  });
}

test('a wrong first sight whose facts are lost is not replaced either', async (context) => {
  const subject = subjectOf();
  const { store, zip } = await poisonedStore(context, subject);
  for (const name of ['cofferdam.db', 'cofferdam.db-wal', 'cofferdam.db-shm', 'journal']) {
    await rm(join(store, name), { force: true, recursive: true });
  }
  const honest = await startHonest(context, subject);
  const { expected: expectedHashes } = subject;
  const run = await startCofferdam(context, { upstream: honest.url, store, expectedHashes });
  const right = await get(honest.url, subject.zip);
  assert.ok((await get(run.address, subject.zip)).body.equals(right.body));
  await run.stop(1000);
  assert.ok((await untilStored(run, subject.zip)).equals(zip));
});

test('a wrong go.sum does not make the store believe it', async (context) => {
  const subject = subjectOf();
  const honest = await startHonest(context, subject);
  const first = await startCofferdam(context, { upstream: honest.url });
  const { body: right } = await get(first.address, subject.zip);
  await untilStored(first, subject.zip);
  await first.stop(1000);
  const { store } = first;
  const { wrong: expectedHashes } = subject;
  const run = await startCofferdam(context, { upstream: honest.url, store, expectedHashes });
  const refused = await get(run.address, subject.zip);
  assert.equal(refused.status, 502);
  assert.match(refused.text, /the store has h1:\S{44} from \S+, but go\.sum:\d has h1:A/u);
  await run.stop(1000);
  assert.ok((await served(context, store, subject.zip)).equals(right));
});

test('without a network a stored lie is not served, and the answer says why', async (context) => {
  const subject = subjectOf();
  const { store } = await poisonedStore(context, subject);
  const { expected: expectedHashes } = subject;
  const run = await startCofferdam(context, {
    upstream: 'http://127.0.0.1:9',
    store,
    offline: true,
    expectedHashes,
  });
  const refused = await get(run.address, subject.mod);
  assert.equal(refused.status, 503);
  assert.match(refused.text, /the store has h1:\S{44} from \S+, but go\.sum:\d has h1:/u);
});

test('the record of a checksum database decides, whatever go.sum has', async (context) => {
  const subject = subjectOf();
  const honest = await startHonest(context, subject);
  const databases = [databaseAt(honest)];
  const { wrong: expectedHashes } = subject;
  const run = await startCofferdam(context, { upstream: honest.url, databases, expectedHashes });
  const right = await get(honest.url, subject.zip);
  assert.ok((await get(run.address, subject.zip)).body.equals(right.body));
  await untilStored(run, subject.zip);
  await run.stop(1000);
  // What it vouched for once stays vouched for where it is not asked any more.
  const { store } = run;
  const next = await startCofferdam(context, { upstream: 'off', store, expectedHashes });
  const again = await get(next.address, subject.zip);
  assert.equal(again.headers.get('cofferdam-cache'), 'hit');
  assert.ok(again.body.equals(right.body));
});

test('a stored lie that a checksum database disproves leaves the store for good', async (context) => {
  const subject = subjectOf();
  const { store, zip } = await poisonedStore(context, subject);
  const honest = await startHonest(context, subject);
  const run = await startCofferdam(context, {
    upstream: honest.url,
    store,
    databases: [databaseAt(honest)],
    expectedHashes: subject.expected,
  });
  const { body } = await get(run.address, subject.zip);
  assert.ok(!body.equals(zip));
  await run.stop(1000);
  assert.ok((await untilStored(run, subject.zip)).equals(body));
});

test('pending bytes that go.sum contradicts are not served, and wait on for the database', async (context) => {
  const subject = subjectOf();
  const honest = await startHonest(context, subject);
  honest.setFaults(DATABASE_DOWN);
  const liar = await startLiar(context, subject);
  const databases = [databaseAt(honest)];
  const first = await startCofferdam(context, { upstream: liar.url, databases });
  const lie = await get(first.address, subject.zip);
  assert.equal(lie.headers.get('cofferdam-verified'), 'pending');
  await untilStored(first, subject.zip, 'pending');
  await first.stop(1000);
  const { store } = first;
  const run = await startCofferdam(context, {
    upstream: honest.url,
    store,
    databases,
    expectedHashes: subject.expected,
  });
  const right = await get(honest.url, subject.zip);
  assert.ok((await get(run.address, subject.zip)).body.equals(right.body));
  await run.stop(1000);
  assert.ok((await untilStored(run, subject.zip, 'pending')).equals(lie.body));
  assert.equal(await stored(run, subject.zip), undefined);
});

test('a large lie gives way to the right bytes before the client has any', async (context) => {
  const subject = subjectOf(3_000_000);
  const liar = await startLiar(context, subject);
  const honest = await startHonest(context, subject);
  const { expected: expectedHashes } = subject;
  const upstream = `${liar.url}|${honest.url}`;
  const run = await startCofferdam(context, { upstream, expectedHashes });
  const right = await get(honest.url, subject.zip);
  assert.ok((await get(run.address, subject.zip)).body.equals(right.body));
  assert.ok((await untilStored(run, subject.zip)).equals(right.body));
});

test('for private modules go.sum chooses too, and no checksum database hears of them', async (context) => {
  const subject = subjectOf();
  const liar = await startLiar(context, subject);
  const honest = await startHonest(context, subject);
  const run = await startCofferdam(context, {
    upstream: `${liar.url}|${honest.url}`,
    databases: [databaseAt(honest)],
    noLookupPatterns: '*.*',
    expectedHashes: subject.expected,
  });
  honest.resetCounts();
  const { status } = await get(run.address, subject.zip);
  assert.equal(status, 200);
  assert.equal(honest.counts().kinds['sumdb']?.requests ?? 0, 0);
});
