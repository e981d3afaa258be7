import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createModuleGraph } from '../../src/drills/index.ts';
import type { Fault, FaultRule, ModuleGraph } from '../../src/drills/index.ts';
import { readAnswer } from '../support/read-answer.ts';
import { goModDownload } from '../support/run-go.ts';
import { startCofferdam } from '../support/start-cofferdam.ts';
import { startOrigin } from '../support/start-origin.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MODULE = { path: 'm.test/small', version: 'v1.0.0', zipBytes: 30_000 };
const INFO = '/m.test/small/@v/v1.0.0.info';
const LIST = '/m.test/small/@v/list';
/** Tenths of the default waits; see TENTH in start-cofferdam.ts. */
const PATIENCE = 10_000;

function graphOf(modules: number): ModuleGraph {
  return createModuleGraph({ modules, depth: 4, medianZipBytes: 8000, seed: 'healing' });
}

async function download(test: TestContext, graph: ModuleGraph, proxy: string): Promise<number> {
  const folder = `${await temporaryFolder(test)}/main`;
  const environment = { GOPROXY: proxy, GOSUMDB: 'off', GONOSUMDB: '*' };
  return (await goModDownload(folder, graph.main, environment)).length;
}

async function downloadThrough(
  test: TestContext,
  fault: Fault,
  share: number,
): Promise<{ readonly modules: number; readonly expected: number }> {
  const graph = graphOf(60);
  const faults: readonly FaultRule[] = [{ share, fault }];
  const origin = await startOrigin(test, { modules: graph.modules, faults });
  const cofferdam = await startCofferdam(test, { upstream: origin.url });
  return {
    modules: await download(test, graph, cofferdam.address),
    expected: graph.modules.length,
  };
}

const BUSY: Fault = { kind: 'status', status: 429, headers: { 'retry-after': '1' } };

/** More of them than in life; fewer where the upstream asks for a wait, of which the patience has room for four. */
const SHARED: readonly (readonly [string, number, Fault])[] = [
  ['503', 0.2, { kind: 'status', status: 503 }],
  ['429 that asks to wait', 0.05, BUSY],
  ['a reset', 0.2, { kind: 'reset' }],
  ['a cut body', 0.2, { kind: 'cut', afterBytes: 20, framing: 'length' }],
  ['a web page', 0.1, { kind: 'html' }],
];

for (const [name, share, fault] of SHARED) {
  test(`a download succeeds while ${share * 100} % of requests meet ${name}`, async (context) => {
    const { modules, expected } = await downloadThrough(context, fault, share);
    assert.equal(modules, expected);
  });
}

test('a download rides out an only upstream that refuses connections at first', async (context) => {
  const graph = graphOf(20);
  const port = await freePort();
  const cofferdam = await startCofferdam(context, {
    upstream: `http://127.0.0.1:${port}`,
    healing: {},
  });
  const done = download(context, graph, cofferdam.address);
  await sleep(3000);
  await startOrigin(context, { modules: graph.modules, port });
  assert.equal(await done, graph.modules.length);
});

test('a silent first upstream is overtaken after a pipe within 3 s by default settings', async (context) => {
  const silent = await startOrigin(context, {
    modules: [MODULE],
    faults: [{ fault: { kind: 'stall' } }],
  });
  const well = await startOrigin(context, { modules: [MODULE] });
  const cofferdam = await startCofferdam(context, {
    upstream: `${silent.url}|${well.url}`,
    healing: {},
  });
  const began = performance.now();
  const answer = await readAnswer(cofferdam.address + INFO);
  assert.equal(answer.status, 200);
  const took = performance.now() - began;
  assert.ok(took < 3000, `took ${took} ms`);
});

test('a download through a silent first upstream is not slowed down for long', async (context) => {
  const graph = graphOf(30);
  const silent = await startOrigin(context, {
    modules: graph.modules,
    faults: [{ fault: { kind: 'stall' } }],
  });
  const well = await startOrigin(context, { modules: graph.modules });
  const cofferdam = await startCofferdam(context, { upstream: `${silent.url}|${well.url}` });
  assert.equal(await download(context, graph, cofferdam.address), graph.modules.length);
  const { level, upstreams } = await readUpstreams(cofferdam.address);
  assert.equal(level, 'L1');
  assert.notEqual(upstreams[0]?.breaker, 'closed');
  assert.equal(upstreams[1]?.state, 'healthy');
});

test('an only upstream that stays silent ends in 504 with the cause', async (context) => {
  const silent = await startOrigin(context, {
    modules: [MODULE],
    faults: [{ fault: { kind: 'stall' } }],
  });
  const cofferdam = await startCofferdam(context, { upstream: silent.url });
  const began = performance.now();
  const answer = await readAnswer(cofferdam.address + INFO, {}, PATIENCE);
  const took = performance.now() - began;
  assert.equal(answer.status, 504);
  assert.match(answer.body.toString(), /timed out/u);
  assert.ok(took < 7500, `took ${took} ms`);
});

test('a list never crosses a comma because of a failure, and a known failure ends soon', async (context) => {
  const failing = await startOrigin(context, {
    modules: [MODULE],
    faults: [{ fault: { kind: 'status', status: 503 } }],
  });
  const well = await startOrigin(context, { modules: [MODULE] });
  const cofferdam = await startCofferdam(context, { upstream: `${failing.url},${well.url}` });
  const began = performance.now();
  const answer = await readAnswer(cofferdam.address + LIST, {}, PATIENCE);
  assert.equal(answer.status, 503);
  assert.ok(performance.now() - began < 3000);
  assert.equal(well.counts().total.requests, 0);
});

test('an upstream held down by hand is left alone until that ends by itself', async (context) => {
  const first = await startOrigin(context, { modules: [MODULE] });
  const second = await startOrigin(context, { modules: [MODULE] });
  const cofferdam = await startCofferdam(context, { upstream: `${first.url}|${second.url}` });
  const { address } = cofferdam;
  assert.equal(await hold(address, 'https://nobody.test'), 404);
  assert.equal(await hold(address, first.url), 200);
  const answer = await readAnswer(address + INFO);
  assert.equal(answer.headers['cofferdam-level'], 'L1');
  assert.equal(first.counts().total.requests, 0);
  assert.equal((await readUpstreams(address)).upstreams[0]?.state, 'held-down');
  await sleep(1050);
  assert.equal((await readUpstreams(address)).upstreams[0]?.state, 'healthy');
  await readAnswer(address + LIST);
  assert.equal(second.counts().paths[LIST], undefined);
});

interface ShownUpstreams {
  readonly level: string;
  readonly upstreams: readonly { readonly state: string; readonly breaker: string }[];
}

async function readUpstreams(address: string): Promise<ShownUpstreams> {
  const response = await fetch(`${address}/-/api/v1/upstreams`);
  return (await response.json()) as ShownUpstreams;
}

/** Down, for the shortest time that there is. */
async function hold(address: string, name: string): Promise<number> {
  const response = await fetch(`${address}/-/api/v1/upstreams`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, state: 'down', seconds: 1 }),
  });
  await response.body?.cancel();
  return response.status;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  await closed.promise;
  return typeof address === 'object' && address !== null ? address.port : 0;
}
