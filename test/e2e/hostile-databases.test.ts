import assert from 'node:assert/strict';
import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createModuleMaker } from '../../src/drills/index.ts';
import type { DatabaseLie, Fault, ModuleSpecification, Origin } from '../../src/drills/index.ts';
import { startCofferdam } from '../support/start-cofferdam.ts';
import type { StartedCofferdam } from '../support/start-cofferdam.ts';
import { startOrigin } from '../support/start-origin.ts';

// Each way in which a checksum database, or who relays it, may try to have false bytes believed. An
// upstream sends the false bytes, and the lies name their hashes where a lie can.

const DATABASE = 'sums.test';

interface HostileCase {
  /** Also the name of the module that it is about. */
  readonly name: string;
  readonly finding: string;
  /** What it does about a module. */
  readonly faultFor: (module: string) => Fault;
  /** The tree that is pinned when the lie is told has the record already. */
  readonly isSettled?: boolean;
  /** Heard only while the tree grows: a record in a tree that is pinned is proven by what is stored. */
  readonly needsGrowth?: boolean;
}

function lie(
  name: DatabaseLie,
  finding: string,
  more: Pick<HostileCase, 'isSettled' | 'needsGrowth'> = {},
): HostileCase {
  const faultFor = (module: string): Fault => ({
    kind: 'database-lie',
    lie: name,
    lines: createModuleMaker()(moduleOf(module, true)).sumLines(),
  });
  return { name, finding, faultFor, ...more };
}

function fault(name: string, finding: string, told: Fault): HostileCase {
  return { name, finding, faultFor: () => told };
}

const GROWING = { needsGrowth: true };

const CASES: readonly HostileCase[] = [
  // The three ways of 2026: GO-2026-4984, GO-2026-6179, GO-2026-6180.
  lie('empty-record', 'checksum-answer-malformed'),
  lie('foreign-record', 'checksum-record-foreign'),
  lie('changed-tile', 'checksum-tiles-inconsistent', GROWING),
  lie('lines-beside-foreign-record', 'checksum-record-foreign'),
  lie('lines-before-head', 'checksum-signature-wrong'),
  lie('lines-after-head', 'checksum-answer-malformed'),
  // Records.
  lie('empty-answer', 'checksum-answer-malformed'),
  lie('ambiguous-record', 'checksum-record-ambiguous'),
  lie('repeated-record-lines', 'checksum-record-ambiguous'),
  lie('half-record', 'checksum-record-foreign'),
  lie('changed-record', 'checksum-record-not-in-tree'),
  lie('other-number', 'checksum-record-not-in-tree'),
  lie('number-beyond-tree', 'checksum-record-outside-tree'),
  lie('replayed-head', 'checksum-record-outside-tree'),
  lie('padded-number', 'checksum-answer-malformed'),
  lie('control-character-in-record', 'checksum-answer-malformed'),
  lie('invalid-text-in-record', 'checksum-answer-malformed'),
  lie('huge-record', 'checksum-answer-too-large'),
  // Signed notes.
  lie('wrong-signature', 'checksum-signature-wrong'),
  lie('second-signature-wrong', 'checksum-signature-wrong'),
  lie('unknown-key', 'checksum-key-unknown'),
  lie('other-key', 'checksum-key-unknown'),
  lie('other-name', 'checksum-key-unknown'),
  lie('signature-flood', 'checksum-answer-malformed'),
  lie('signature-without-bytes', 'checksum-answer-malformed'),
  lie('no-signature', 'checksum-answer-malformed'),
  lie('unended-note', 'checksum-answer-malformed'),
  lie('padded-size', 'checksum-answer-malformed'),
  lie('short-root', 'checksum-answer-malformed'),
  lie('other-text', 'checksum-answer-malformed'),
  lie('control-character-in-head', 'checksum-answer-malformed'),
  lie('huge-head', 'checksum-answer-too-large'),
  // Trees.
  lie('same-size-fork', 'checksum-tree-forked', { isSettled: true, ...GROWING }),
  lie('larger-fork', 'checksum-tree-forked', GROWING),
  lie('older-fork', 'checksum-tree-forked', { isSettled: true, ...GROWING }),
  lie('cut-tile', 'checksum-tile-truncated', GROWING),
  lie('long-tile', 'checksum-tile-truncated', GROWING),
  lie('low-tile', 'checksum-tile-truncated', GROWING),
  // What comes where an answer should.
  fault('html', 'checksum-answer-malformed', { kind: 'html' }),
  fault('invalid-utf8', 'checksum-answer-malformed', { kind: 'invalid-utf8' }),
  fault('endless', 'checksum-answer-too-large', { kind: 'endless' }),
  fault('gzip-bomb', 'checksum-answer-too-large', {
    kind: 'gzip-bomb',
    unpackedBytes: 100 << 20,
  }),
];

function moduleOf(name: string, isFalse = false): ModuleSpecification {
  const files = { 'lie.go': 'package lie\n' };
  return {
    path: `m.test/${name}`,
    version: 'v1.0.0',
    zipBytes: 1500,
    ...(isFalse ? { files } : {}),
  };
}

function keyOf(name: string, kind: 'mod' | 'zip'): string {
  return `m.test/${name}/@v/v1.0.0.${kind}`;
}

interface Stage {
  readonly honest: Origin;
  readonly liar: Origin;
  start(settings?: { readonly store?: string }): Promise<StartedCofferdam>;
}

/** A first upstream that sends false bytes, a second one that is honest, and its database. */
async function setStage(context: TestContext, names: readonly string[]): Promise<Stage> {
  const honest = await startOrigin(context, { checksumDatabase: DATABASE, recordsAhead: true });
  const liar = await startOrigin(context, { modules: names.map((name) => moduleOf(name, true)) });
  const key = honest.database?.key;
  honest.database?.grow(300);
  return {
    honest,
    liar,
    start: async (settings = {}) =>
      startCofferdam(context, {
        upstream: `${liar.url}|${honest.url}`,
        databases: [{ name: DATABASE, key, url: `${honest.url}/sumdb/${DATABASE}` }],
        lookAhead: false,
        ...settings,
      }),
  };
}

async function get(
  engine: StartedCofferdam,
  path: string,
): Promise<{ readonly status: number; readonly text: string; readonly isPending: boolean }> {
  const response = await fetch(`${engine.address}/${path}`);
  const text = Buffer.from(await response.arrayBuffer()).toString('latin1');
  const isPending = response.headers.get('cofferdam-verified') === 'pending';
  return { status: response.status, text, isPending };
}

async function bytesOf(origin: Origin, path: string): Promise<string> {
  const response = await fetch(`${origin.url}/${path}`);
  return Buffer.from(await response.arrayBuffer()).toString('latin1');
}

/** Answers and artifacts refused so far, by finding. */
async function countAll(engine: StartedCofferdam): Promise<(finding: string) => number> {
  const { text } = await get(engine, '-/metrics');
  const lines = text
    .split('\n')
    .filter((line) => /^cofferdam_(?:checksum_findings|verification_failures)_total\{/.test(line));
  return (finding) =>
    lines
      .filter((line) => line.includes(`finding="${finding}"`))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

async function isThere(engine: StartedCofferdam, ...path: readonly string[]): Promise<boolean> {
  return access(join(engine.store, ...path)).then(
    () => true,
    () => false,
  );
}

/** The record comes into the tree, before or after the head that will be pinned. */
async function bringIn(
  { honest }: Stage,
  engine: StartedCofferdam,
  { isSettled = false, needsGrowth = false }: HostileCase,
  module: string,
): Promise<void> {
  const beside = `beside-${module}`;
  if (isSettled) honest.addModules([moduleOf(module)]);
  honest.addModules([moduleOf(beside)]);
  assert.equal((await get(engine, keyOf(beside, 'mod'))).status, 200);
  if (!isSettled) {
    // With this many the record lies in a tile that is not stored.
    if (needsGrowth) honest.database?.grow(260);
    honest.addModules([moduleOf(module)]);
    honest.database?.grow(1);
  }
}

async function isRefused(
  stage: Stage,
  engine: StartedCofferdam,
  { finding, faultFor }: HostileCase,
  module: string,
): Promise<void> {
  const before = await countAll(engine);
  stage.honest.setFaults([{ path: '/sumdb/*', fault: faultFor(module) }]);
  try {
    for (const kind of ['zip', 'mod'] as const) {
      const answer = await get(engine, keyOf(module, kind));
      assert.equal(answer.status, 502, answer.text.slice(0, 300));
      assert.ok(answer.text.includes('checksum-database-contradicted'), answer.text);
      assert.ok(answer.text.includes(`(${finding})`), answer.text);
      for (const folder of ['modules', 'pending']) {
        assert.equal(await isThere(engine, folder, keyOf(module, kind)), false);
      }
    }
  } finally {
    stage.honest.setFaults([]);
  }
  const lookup = `lookup/m.test/${module}@v1.0.0`;
  assert.equal(await isThere(engine, 'modules/sumdb', DATABASE, lookup), false);
  const after = await countAll(engine);
  for (const counted of [finding, 'checksum-database-contradicted']) {
    assert.ok(after(counted) >= before(counted) + 2, `${counted} is not counted`);
  }
}

const AGAIN = 'again-';

test('hostile checksum databases are refused, also across a restart, and then the honest one is believed', async (context) => {
  const modules = CASES.map(({ name }) => name);
  const stage = await setStage(context, [...modules, ...modules.map((name) => AGAIN + name)]);
  const first = await stage.start();
  for (const one of CASES) {
    await context.test(`${one.name} is ${one.finding}`, async () => {
      await bringIn(stage, first, one, one.name);
      await isRefused(stage, first, one, one.name);
    });
  }
  await first.stop(1000);
  const second = await stage.start({ store: first.store });
  for (const one of CASES) {
    await context.test(`${one.name} is so after a restart`, async () => {
      if (one.needsGrowth === true) await bringIn(stage, second, one, AGAIN + one.name);
      await isRefused(stage, second, one, one.needsGrowth === true ? AGAIN + one.name : one.name);
    });
  }
  for (const name of modules) {
    await context.test(`after ${name} the honest database is believed`, async () => {
      for (const kind of ['zip', 'mod'] as const) {
        const right = await get(second, keyOf(name, kind));
        assert.equal(right.status, 200, right.text.slice(0, 300));
        assert.equal(right.isPending, false);
        assert.equal(right.text, await bytesOf(stage.honest, keyOf(name, kind)));
      }
    });
  }
});

test('what only looks hostile is believed: an older head, a signature twice', async (context) => {
  const names = ['older-head', 'repeated-signature'] as const;
  const stage = await setStage(context, names);
  const engine = await stage.start();
  for (const name of names) {
    const one = lie(name, 'none', { isSettled: true });
    await bringIn(stage, engine, one, name);
    const head = await get(engine, `sumdb/${DATABASE}/latest`);
    stage.honest.setFaults([{ path: '/sumdb/*', fault: one.faultFor(name) }]);
    const right = await get(engine, keyOf(name, 'zip'));
    stage.honest.setFaults([]);
    assert.equal(right.status, 200, right.text.slice(0, 300));
    assert.equal(right.text, await bytesOf(stage.honest, keyOf(name, 'zip')));
    // The older head is answered with nothing that moves clients back.
    assert.equal((await get(engine, `sumdb/${DATABASE}/latest`)).text, head.text);
  }
});

test('what the key itself vouches for is held against the bytes, after a restart too', async (context) => {
  const stage = await setStage(context, []);
  const { honest } = stage;
  const engine = await stage.start();
  const name = 'signed-lie';
  const one = lie(name, 'module-hash-mismatch');
  await bringIn(stage, engine, one, name);
  honest.setFaults([{ path: '/sumdb/*', fault: one.faultFor(name) }]);
  const refused = await get(engine, keyOf(name, 'zip'));
  assert.equal(refused.status, 502);
  assert.match(refused.text, /module-hash-mismatch/);
  await engine.stop(1000);
  const again = await stage.start({ store: engine.store });
  assert.equal((await get(again, keyOf(name, 'zip'))).status, 502);
  assert.equal(await isThere(again, 'modules', keyOf(name, 'zip')), false);
});

test('a record that was there is not forgotten when the database denies it', async (context) => {
  const name = 'denied';
  const stage = await setStage(context, [name]);
  const { honest, liar } = stage;
  honest.addModules([moduleOf(name)]);
  const zip = keyOf(name, 'zip');
  const engine = await stage.start();
  const right = await get(engine, zip);
  assert.equal(right.status, 200);
  await engine.stop(1000);
  await rm(join(engine.store, 'modules', zip));
  honest.setFaults([
    { path: '/sumdb/*', fault: { kind: 'status', status: 404, body: 'not found\n' } },
    { kinds: ['zip'], fault: { kind: 'status', status: 404, body: 'not found\n' } },
  ]);
  const second = await stage.start({ store: engine.store });
  const refused = await get(second, zip);
  assert.equal(refused.status, 502);
  assert.match(refused.text, /module-hash-mismatch/);
  await second.stop(1000);
  // Without the record the first sight stands.
  await rm(join(engine.store, 'modules/sumdb', DATABASE, 'lookup'), { recursive: true });
  const third = await stage.start({ store: engine.store });
  assert.match((await get(third, zip)).text, /module-changed/);
  honest.setFaults([]);
  liar.resetCounts();
  assert.equal((await get(third, zip)).text, right.text);
  assert.equal(liar.counts().kinds['zip']?.requests ?? 0, 0);
});

test('tiles that are held back make bytes pending, and they never enter the tree when the fork is seen', async (context) => {
  const name = 'withheld';
  const stage = await setStage(context, [name]);
  const { honest } = stage;
  const engine = await stage.start();
  const one = lie('larger-fork', 'checksum-tree-forked');
  await bringIn(stage, engine, one, name);
  const fork = { path: '/sumdb/*', fault: one.faultFor(name) };
  const tiles = { path: '/sumdb/*/tile/*', fault: { kind: 'status', status: 503 } } as const;
  honest.setFaults([tiles, fork]);
  const zip = keyOf(name, 'zip');
  const waiting = await get(engine, zip);
  assert.ok(waiting.status !== 200 || waiting.isPending, waiting.text.slice(0, 300));
  assert.equal(await isThere(engine, 'modules', zip), false);
  await engine.stop(1000);
  honest.setFaults([fork]);
  const second = await stage.start({ store: engine.store });
  await get(second, zip);
  assert.ok((await countAll(second))('checksum-tree-forked') > 0);
  assert.equal(await isThere(second, 'modules', zip), false);
  await second.stop(1000);
  honest.setFaults([]);
  const third = await stage.start({ store: engine.store });
  const right = await get(third, zip);
  assert.equal(right.isPending, false);
  assert.equal(right.text, await bytesOf(honest, zip));
});

test('clients get no head and no tile that cannot be true', async (context) => {
  const stage = await setStage(context, []);
  const { honest } = stage;
  const engine = await stage.start();
  async function isRefusedAt(resource: string, told: DatabaseLie, finding: string): Promise<void> {
    honest.setFaults([{ path: '/sumdb/*', fault: lie(told, finding).faultFor('none') }]);
    const answer = await get(engine, `sumdb/${DATABASE}/${resource}`);
    honest.setFaults([]);
    assert.equal(answer.status, 502, `${resource}, ${told}`);
    assert.ok((await countAll(engine))(finding) > 0, `${resource}, ${told}: ${finding}`);
  }
  await isRefusedAt('latest', 'wrong-signature', 'checksum-signature-wrong');
  await isRefusedAt('latest', 'unknown-key', 'checksum-key-unknown');
  await isRefusedAt('latest', 'padded-size', 'checksum-answer-malformed');
  await isRefusedAt('latest', 'huge-head', 'checksum-answer-too-large');
  await isRefusedAt('latest', 'cut-tile', 'checksum-tile-truncated');
  await isRefusedAt('latest', 'changed-tile', 'checksum-tiles-inconsistent');
  assert.equal((await get(engine, `sumdb/${DATABASE}/latest`)).status, 200);
  await isRefusedAt('tile/8/0/000', 'changed-tile', 'checksum-tiles-inconsistent');
  await isRefusedAt('tile/8/0/000', 'long-tile', 'checksum-tile-truncated');
  assert.equal((await get(engine, `sumdb/${DATABASE}/tile/8/0/000`)).status, 200);
});
