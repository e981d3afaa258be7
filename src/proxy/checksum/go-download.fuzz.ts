import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startDatabase, type CountedDatabase } from '../../../test/support/checksum-database.ts';
import { startHttpServer } from '../../../test/support/http-servers.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { createDiskFiles, createSystemClock } from '../../platform/adapters.ts';
import type { Logger } from '../../platform/index.ts';
import { createChecksumRelay, type ChecksumRelay } from './checksum-relay.ts';

// The real go command downloads through a relay of a database that grows.

const MODULES = 12;

const logger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (message, data) => assert.fail(`${message} ${JSON.stringify(data)}`),
  child: () => logger,
};

function startRelay(database: CountedDatabase, store: string): ChecksumRelay {
  return createChecksumRelay(
    {
      files: createDiskFiles(),
      clock: createSystemClock(),
      logger,
      fetchResource: async (_, resource) => {
        const bytes = database.answer(resource);
        return bytes === undefined
          ? { outcome: 'failed', failures: [] }
          : { outcome: 'found', bytes, upstream: 'test' };
      },
    },
    {
      databases: [{ name: database.name, key: database.key }],
      directory: join(store, 'modules/sumdb'),
      stateDirectory: join(store, 'state'),
      scratch: join(store, 'scratch'),
      offline: false,
    },
  );
}

/** Serves modules from the origin and `/sumdb/…` through whatever relay is current. */
async function startProxy(
  t: TestContext,
  database: CountedDatabase,
  relay: () => ChecksumRelay,
): Promise<string> {
  const prefix = `/sumdb/${database.name}/`;
  const server = await startHttpServer(t, (asked, response) => {
    const url = decodeURI(asked.url ?? '');
    if (!url.startsWith('/sumdb/')) {
      request(`${database.origin.url}${url}`, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      }).end();
      return;
    }
    void relay()
      .answer(database.name, url.slice(prefix.length), { cachedOnly: false })
      .then((answer) => {
        response.statusCode = answer.kind === 'bytes' ? 200 : 502;
        response.end(answer.kind === 'bytes' ? answer.body : answer.kind);
      });
  });
  return server.url;
}

/** Runs `go mod download` of some modules with no go.sum and empty caches unless kept. */
async function download(
  folder: string,
  proxy: string,
  database: CountedDatabase,
  modules: readonly number[],
): Promise<void> {
  const main = join(folder, 'main');
  await rm(main, { recursive: true, force: true });
  await mkdir(main, { recursive: true });
  const requires = modules.map((index) => `require m.test/M${index} v1.0.0\n`).join('');
  await writeFile(join(main, 'go.mod'), `module main.test\n\ngo 1.21\n\n${requires}`);
  const child = spawn('go', ['mod', 'download', '-x'], {
    cwd: main,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      GOPATH: join(folder, 'gopath'),
      GOFLAGS: '-modcacherw',
      GOPROXY: proxy,
      GOSUMDB: database.key,
      GOTOOLCHAIN: 'local',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  const [code] = (await once(child, 'exit')) as [number];
  assert.equal(code, 0, errors);
}

test('go downloads a second time with no question to the database, however it grew', async (t) => {
  const database = await startDatabase(t, MODULES);
  const folder = await temporaryFolder(t);
  const store = join(folder, 'store');
  let relay = startRelay(database, store);
  t.after(() => relay.close());
  const proxy = await startProxy(t, database, () => relay);
  const all = Array.from({ length: MODULES }, (_, index) => index);
  for (const [step, grow] of [300, 1, 70_000, 2000].entries()) {
    const modules = all.slice(0, (step + 1) * 3);
    database.grow(grow);
    // The old client keeps its tree head and loses its modules.
    await rm(join(folder, 'old/gopath/pkg/mod'), { recursive: true, force: true });
    await download(join(folder, 'old'), proxy, database, modules);
    assert.ok(database.asked.length > 0);
    await relay.close();
    relay = startRelay(database, store);
    database.grow(5);
    database.asked.length = 0;
    await download(join(folder, `new${step}`), proxy, database, modules.toReversed());
    await rm(join(folder, 'old/gopath/pkg/mod'), { recursive: true, force: true });
    await download(join(folder, 'old'), proxy, database, modules);
    assert.deepEqual(database.asked, [], `step ${step}`);
  }
  // The tree of files alone, copied elsewhere, serves the database as well.
  await relay.close();
  const files = join(folder, 'files');
  await cp(join(store, 'modules'), files, { recursive: true });
  await rm(join(folder, 'gopath'), { recursive: true, force: true });
  await download(folder, `file://${files},${proxy}`, database, all);
  assert.deepEqual(database.asked, []);
});
