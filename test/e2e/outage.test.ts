// What a build needs when its upstream is gone: everything that was here before, marked as old.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createModuleGraph } from '../../src/drills/index.ts';
import { startCofferdam } from '../support/start-cofferdam.ts';
import { startOrigin } from '../support/start-origin.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
/** A build that takes longer than this in an outage is no use; Done-when: 30 s for one known failure. */
const PATIENCE_MILLISECONDS = 90_000;

const GRAPH = createModuleGraph({ modules: 300, depth: 6, medianZipBytes: 3000, seed: 'outage' });
/** One whose packages lie below its root: `go` asks the longer paths first, and must get 404 for them. */
const KNOWN = {
  path: 'known.test/group/module',
  version: 'v1.2.0',
  zipBytes: 3000,
  files: { 'deep/below/below.go': 'package below\n' },
};
const PACKAGE = `${KNOWN.path}/deep/below`;

interface Go {
  (...words: readonly string[]): Promise<string>;
}

/** `go` in a main module of its own, with empty caches. */
async function startGo(
  context: TestContext,
  proxy: string,
  files: Readonly<Record<string, string>>,
): Promise<Go> {
  const folder = await temporaryFolder(context);
  await mkdir(join(folder, 'main'));
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, 'main', name), text);
  }
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    GOENV: 'off',
    GOFLAGS: '-modcacherw -mod=mod',
    GOPATH: join(folder, 'go'),
    GOPROXY: proxy,
    GOSUMDB: 'off',
    GOTOOLCHAIN: 'local',
  };
  return async (...words) => {
    const options = { cwd: join(folder, 'main'), env, timeout: PATIENCE_MILLISECONDS };
    const { stdout } = await run('go', words, { ...options, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  };
}

const EMPTY = { 'go.mod': 'module main.test/empty\n\ngo 1.26\n' };

test('with a warm store a graph, its updates and new requirements of it survive that the upstream is gone', async (context) => {
  const origin = await startOrigin(context, { modules: [...GRAPH.modules, KNOWN] });
  const first = await startCofferdam(context, { upstream: origin.url });
  await (
    await startGo(context, first.address, GRAPH.main)
  )('mod', 'download');
  await (
    await startGo(context, first.address, EMPTY)
  )('get', PACKAGE);
  await first.stop(5000);
  const { url } = origin;
  await origin.close();

  const second = await startCofferdam(context, { upstream: url, store: first.store });
  const said: string[] = [];
  async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
    const begun = performance.now();
    await work();
    said.push(`${what} ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  }
  const graph = await startGo(context, second.address, GRAPH.main);
  await timed('go mod download', async () => graph('mod', 'download'));
  await timed('go list -m -u all', async () => {
    const lines = (await graph('list', '-m', '-u', 'all')).trim().split('\n');
    assert.equal(lines.length, GRAPH.modules.length + 1);
  });
  for (const [what, query] of [
    ['go get of a module', `${KNOWN.path}@latest`],
    ['go get of a package', PACKAGE],
  ] as const) {
    const go = await startGo(context, second.address, EMPTY);
    await timed(what, async () => go('get', query));
    const required = await go('list', '-m', KNOWN.path);
    assert.equal(required, `${KNOWN.path} ${KNOWN.version}\n`);
  }
  context.diagnostic(said.join(', '));

  // A list that was never asked is made of what is stored.
  const list = await fetch(`${second.address}/${GRAPH.modules[200]?.path ?? ''}/@v/list`);
  assert.equal(await list.text(), `${GRAPH.modules[200]?.version ?? ''}\n`);
  assert.equal(list.headers.get('cofferdam-cache'), 'stale');
  assert.match(list.headers.get('warning') ?? '', /^110 /u);
  assert.match(list.headers.get('age') ?? '', /^\d+$/u);
});

test('while the upstream is silent an old absence is told after three seconds, but not while others are answered', async (context) => {
  const origin = await startOrigin(context, { modules: [KNOWN] });
  const absent = [
    '/not.test/here/@v/list',
    '/not.test/here/@latest',
    `/${KNOWN.path}/@v/v1.9.9.mod`,
  ];
  const first = await startCofferdam(context, { upstream: origin.url });
  for (const path of absent) assert.equal((await fetch(first.address + path)).status, 404);
  await first.stop(5000);

  const { store } = first;
  const second = await startCofferdam(context, { upstream: origin.url, store, healing: {} });
  assert.equal((await fetch(`${second.address}/${KNOWN.path}/@v/v1.2.0.info`)).status, 200);
  const isSilent = { kind: 'stall' } as const;
  // Whoever looks for something new is silent for that alone.
  origin.setFaults([{ fault: isSilent, path: '*not.test/here*' }]);
  const looking = fetch(`${second.address}/not.test/here/@v/list`).then(
    () => 'told',
    () => 'broken',
  );
  await sleep(3500);
  assert.equal(await Promise.race([looking, Promise.resolve('waits')]), 'waits');
  origin.setFaults([{ fault: isSilent }]);
  const begun = performance.now();
  for (const { status, headers } of await Promise.all(
    absent.slice(1).map(async (path) => fetch(second.address + path)),
  )) {
    assert.deepEqual([status, headers.get('cofferdam-cache')], [404, 'stale']);
    assert.equal(headers.get('cache-control'), 'no-store');
  }
  assert.ok(performance.now() - begun < 6000);
});
