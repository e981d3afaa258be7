import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createModuleGraph } from '../../src/drills/index.ts';
import type { Origin } from '../../src/drills/index.ts';
import { goModDownload } from '../support/run-go.ts';
import { startCofferdam } from '../support/start-cofferdam.ts';
import type { StartedCofferdam } from '../support/start-cofferdam.ts';
import { startOrigin } from '../support/start-origin.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A chain without graph pruning: top requires middle, which requires bottom and a module of the company. */
const CHAIN = [
  {
    path: 'a.test/top',
    version: 'v1.0.0',
    goVersion: '1.16',
    zipBytes: 2000,
    requires: [{ path: 'a.test/middle', version: 'v1.0.0' }],
  },
  {
    path: 'a.test/middle',
    version: 'v1.0.0',
    goVersion: '1.16',
    zipBytes: 2000,
    requires: [
      { path: 'a.test/bottom', version: 'v1.0.0' },
      { path: 'corp.example/secret', version: 'v1.0.0' },
    ],
  },
  { path: 'a.test/bottom', version: 'v1.0.0', zipBytes: 2000 },
] as const;

async function eventually(isTrue: () => boolean): Promise<boolean> {
  for (let look = 0; look < 100 && !isTrue(); look += 1) await sleep(20);
  return isTrue();
}

function startChain(context: TestContext): Promise<Origin> {
  return startOrigin(context, { modules: CHAIN });
}

async function ask(cofferdam: StartedCofferdam, path: string, headers = {}): Promise<Response> {
  const answer = await fetch(cofferdam.address + path, { headers });
  await answer.arrayBuffer();
  return answer;
}

test('go downloads a graph whose files were fetched before it asked, each of them once', async (context) => {
  const graph = createModuleGraph({ modules: 40, depth: 4, medianZipBytes: 3000, seed: 'ahead' });
  const origin = await startOrigin(context, {
    modules: graph.modules,
    network: { latencyMilliseconds: 30 },
  });
  const cofferdam = await startCofferdam(context, { upstream: origin.url });
  const modules = await goModDownload(await temporaryFolder(context), graph.main, {
    GOPROXY: cofferdam.address,
    GOSUMDB: 'off',
  });
  assert.equal(modules.length, 40);
  assert.equal(origin.counts().total.requests, 3 * 40);
  const metrics = await (await fetch(`${cofferdam.address}/-/metrics`)).text();
  const useful = [
    ...metrics.matchAll(/^cofferdam_look_ahead_total\{.*outcome="useful"\} (\d+)$/gmu),
  ];
  const sum = useful.reduce((total, [, count]) => total + Number(count), 0);
  assert.ok(sum > 100, `${sum} of 120 files were fetched ahead`);
  assert.match(metrics, /^cofferdam_look_ahead_pending 0$/mu);
});

test('the go.mod files that a go.mod requires are fetched ahead, but none of a private path', async (context) => {
  const origin = await startChain(context);
  const cofferdam = await startCofferdam(context, {
    upstream: origin.url,
    privatePatterns: 'corp.example',
  });
  await ask(cofferdam, '/a.test/top/@v/v1.0.0.mod');
  const bottom = '/a.test/bottom/@v/v1.0.0.mod';
  assert.ok(await eventually(() => origin.counts().paths[bottom]?.requests === 1));
  await sleep(100);
  assert.deepEqual(
    Object.keys(origin.counts().paths).filter((path) => path.includes('corp')),
    [],
  );
  assert.equal((await ask(cofferdam, bottom)).headers.get('cofferdam-cache'), 'hit');
});

test('with .info the .mod and .zip of the same version are fetched', async (context) => {
  const origin = await startChain(context);
  const cofferdam = await startCofferdam(context, { upstream: origin.url });
  await ask(cofferdam, '/a.test/bottom/@v/v1.0.0.info');
  for (const kind of ['mod', 'zip']) {
    const path = `/a.test/bottom/@v/v1.0.0.${kind}`;
    assert.ok(await eventually(() => origin.counts().paths[path]?.requests === 1), path);
  }
});

test('fetches that nobody asked for give way when clients need all there is', async (context) => {
  const names = Array.from({ length: 100 }, (_, index) => `a.test/m${index}`);
  const guessed = names.slice(0, 30);
  const requires = guessed.map((path) => ({ path, version: 'v1.0.0' }));
  const root = { path: 'a.test/root', version: 'v1.0.0', goVersion: '1.16', requires };
  const others = names.map((path) => ({ path, version: 'v1.0.0', goVersion: '1.16' }));
  const modules = [root, ...others].map((module) => ({ ...module, zipBytes: 100 }));
  const origin = await startOrigin(context, { modules, network: { latencyMilliseconds: 1000 } });
  const cofferdam = await startCofferdam(context, { upstream: origin.url });
  const mod = (path: string): string => `/${path}/@v/v1.0.0.mod`;
  await ask(cofferdam, mod('a.test/root'));
  const asked = names.slice(30).map(async (path) => ask(cofferdam, mod(path)));
  const answers = await Promise.all([...asked, ask(cofferdam, mod('a.test/m0'))]);
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  const metrics = await (await fetch(`${cofferdam.address}/-/metrics`)).text();
  const [, cancelled = '0'] =
    /^cofferdam_look_ahead_total\{kind="mod",outcome="cancelled"\} (\d+)$/mu.exec(metrics) ?? [];
  assert.ok(Number(cancelled) > 0, 'none was cancelled');
});

for (const [name, settings, headers] of [
  ['is switched off', { lookAhead: false }, {}],
  ['the client asks for the cache alone', {}, { 'Disable-Module-Fetch': 'true' }],
] as const) {
  test(`nothing is fetched ahead when ${name}`, async (context) => {
    const origin = await startChain(context);
    const cofferdam = await startCofferdam(context, { upstream: origin.url, ...settings });
    await ask(cofferdam, '/a.test/top/@v/v1.0.0.mod', headers);
    await sleep(150);
    const expected = 'Disable-Module-Fetch' in headers ? 0 : 1;
    assert.equal(origin.counts().total.requests, expected);
  });
}

test('a look-ahead that fails is no failure of the client that asks later', async (context) => {
  const origin = await startChain(context);
  const cofferdam = await startCofferdam(context, { upstream: origin.url });
  origin.setFaults([{ fault: { kind: 'status', status: 403 }, path: '*middle*' }]);
  await ask(cofferdam, '/a.test/top/@v/v1.0.0.mod');
  const middle = '/a.test/middle/@v/v1.0.0.mod';
  assert.ok(await eventually(() => (origin.counts().paths[middle]?.requests ?? 0) > 0));
  origin.setFaults([]);
  await sleep(50);
  assert.equal((await ask(cofferdam, middle)).status, 200);
});

test('run fetches what go.sum names before the command asks, but nothing that GONOPROXY keeps private', async (context) => {
  const origin = await startChain(context);
  const folder = await temporaryFolder(context);
  await writeFile(join(folder, 'go.mod'), 'module main.test/x\n\ngo 1.26\n');
  const sums = [
    'a.test/bottom v1.0.0 h1:x=',
    'a.test/bottom v1.0.0/go.mod h1:x=',
    'a.test/top v1.0.0/go.mod h1:x=',
    'corp.example/secret v1.0.0 h1:x=',
    'corp.example/secret v1.0.0/go.mod h1:x=',
  ];
  await writeFile(join(folder, 'go.sum'), `${sums.join('\n')}\n`);
  const main = new URL('../../src/main.ts', import.meta.url).pathname;
  // Of go commands alone it is known that they read go.sum; this one asks nothing by itself.
  await writeFile(join(folder, 'main.go'), '//go:generate sleep 1\n\npackage main\n');
  await promisify(execFile)(process.execPath, [main, 'run', '--', 'go', 'generate'], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      GOENV: 'off',
      GOPROXY: origin.url,
      GONOPROXY: 'corp.example',
      GOSUMDB: 'off',
      GOTOOLCHAIN: 'local',
    },
  });
  // The go.mod of top leads to middle, which requires the secret as well.
  assert.deepEqual(Object.keys(origin.counts().paths).sort(), [
    '/a.test/bottom/@v/v1.0.0.info',
    '/a.test/bottom/@v/v1.0.0.mod',
    '/a.test/bottom/@v/v1.0.0.zip',
    '/a.test/middle/@v/v1.0.0.mod',
    '/a.test/top/@v/v1.0.0.mod',
  ]);
});
