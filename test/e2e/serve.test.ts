import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { createModuleGraph } from '../../src/drills/index.ts';
import { createAuthority } from '../support/certificates.ts';
import { readAnswer } from '../support/read-answer.ts';
import { goModDownload } from '../support/run-go.ts';
import { startOrigin } from '../support/start-origin.ts';
import { runProgram, startProgram } from '../support/start-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const GRAPH = createModuleGraph({ modules: 40, depth: 4, medianZipBytes: 5000, seed: 'serve' });
async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const DATABASE = 'sums.test/database';

test('a real download through serve: right sums, then again with no upstream, then offline', async (context) => {
  const origin = await startOrigin(context, { modules: GRAPH.modules, checksumDatabase: DATABASE });
  const folder = await temporaryFolder(context);
  const key = origin.database?.key ?? '';
  const sumdb = `${key} ${origin.url}/sumdb/${DATABASE}`;
  const { 'go.sum': _sums, ...withoutSums } = GRAPH.main;
  const direct = await goModDownload(join(folder, 'direct'), GRAPH.main, {
    GOPROXY: origin.url,
    GOSUMDB: 'off',
  });
  assert.ok(direct.length >= 40);
  const store = join(folder, 'store');
  const serve = await startProgram(context, [
    '--store',
    store,
    '--upstream',
    origin.url,
    '--sumdb',
    sumdb,
  ]);
  const through = { GOPROXY: serve.address, GOSUMDB: key };
  assert.deepEqual(await goModDownload(join(folder, 'one'), withoutSums, through), direct);
  origin.resetCounts();
  assert.deepEqual(await goModDownload(join(folder, 'two'), withoutSums, through), direct);
  assert.equal(origin.counts().total.requests, 0);
  assert.equal(await serve.stop(), 0);
  const offline = await startProgram(context, [
    '--store',
    store,
    '--upstream',
    origin.url,
    '--sumdb',
    sumdb,
    '--offline',
  ]);
  assert.deepEqual(
    await goModDownload(join(folder, 'three'), withoutSums, {
      GOPROXY: offline.address,
      GOSUMDB: key,
    }),
    direct,
  );
  assert.equal(origin.counts().total.requests, 0);
  // The tree itself is a proxy too, its database included.
  assert.deepEqual(
    await goModDownload(join(folder, 'four'), withoutSums, {
      GOPROXY: `file://${store}/modules`,
      GOSUMDB: key,
    }),
    direct,
  );
});

test('TLS serves HTTP/2 and HTTP/1.1, and go downloads through it', async (context) => {
  const origin = await startOrigin(context, { modules: GRAPH.modules });
  const folder = await temporaryFolder(context);
  const authority = await createAuthority(folder, 'Serve');
  const { key, cert } = await authority.issue(['DNS:localhost', 'IP:127.0.0.1']);
  await writeFile(join(folder, 'key.pem'), key);
  await writeFile(join(folder, 'cert.pem'), cert);
  const serve = await startProgram(context, [
    '--store',
    join(folder, 'store'),
    '--upstream',
    origin.url,
    '--sumdb',
    'off',
    '--tls-cert',
    join(folder, 'cert.pem'),
    '--tls-key',
    join(folder, 'key.pem'),
  ]);
  assert.match(serve.address, /^https:/u);
  const direct = await goModDownload(join(folder, 'direct'), GRAPH.main, {
    GOPROXY: origin.url,
    GOSUMDB: 'off',
  });
  const settings = { GOPROXY: serve.address, GOSUMDB: 'off', SSL_CERT_FILE: authority.file };
  assert.deepEqual(await goModDownload(join(folder, 'tls'), GRAPH.main, settings), direct);
  const [first] = GRAPH.modules;
  const session = connectHttp2(serve.address, { ca: await readFile(authority.file) });
  const stream = session.request({
    ':path': `/${first?.path ?? ''}/@v/${first?.version ?? ''}.info`,
  });
  const headers = await new Promise<Record<string, unknown>>((resolve) =>
    stream.once('response', resolve),
  );
  assert.deepEqual([headers[':status'], headers['cofferdam-cache']], [200, 'hit']);
  stream.resume();
  session.destroy();
});

test('what cannot be started says why in one sentence, with exit code 2', async (context) => {
  const folder = await temporaryFolder(context);
  const file = join(folder, 'a-file');
  await writeFile(file, '');
  const busy = createServer();
  context.after(() => busy.close());
  const port = await listen(busy);
  const store = join(folder, 'store');
  await startProgram(context, ['--store', store, '--upstream', 'off']);
  const cases: readonly (readonly [RegExp, readonly string[]])[] = [
    [
      /already listens on 127\.0\.0\.1/u,
      ['--listen', `127.0.0.1:${port}`, '--store', join(folder, 'other')],
    ],
    [/already uses the store/u, ['--listen', '127.0.0.1:0', '--store', store]],
    [/cannot be written/u, ['--listen', '127.0.0.1:0', '--store', join(file, 'below')]],
    [/not a URL|neither a URL/u, ['--upstream', 'nonsense']],
    [/direct/u, ['--upstream', 'https://proxy.example.test,direct']],
    [/user name or password/u, ['--upstream', 'http://a:b@proxy.example.test']],
    [/--storr/u, ['--storr', 'x']],
    [/HOST:PORT/u, ['--listen', 'nowhere']],
  ];
  for (const [pattern, words] of cases) {
    const { code, stderr, stdout } = await runProgram(['serve', ...words]);
    assert.equal(code, 2, `${words.join(' ')}: ${stderr}`);
    assert.match(stderr, pattern);
    assert.match(stderr, /^error: /u);
    assert.ok(!stderr.includes('    at ') && !stderr.includes('a:b@'), stderr);
    assert.equal(stdout, '');
  }
});

test('a start that fails ends what it began before it says why', async (context) => {
  const store = await temporaryFolder(context);
  const busy = createServer();
  context.after(() => busy.close());
  const port = await listen(busy);
  // A lost database and a process that died: both are mended beside the start.
  const line = (index: number): string => {
    const [path, version, kind] = [`m.test/m${index}`, 'v1.0.0', 'zip'];
    const key = `${path}/@v/${version}.${kind}`;
    const [at, upstream, sha256] = ['2026-01-01T00:00:00Z', 'https://u.test', '0'.repeat(64)];
    const known = { size: 1, sha256, h1: 'h1:x', upstream, state: 'first-seen' };
    return `${JSON.stringify({ event: 'first-seen', at, key, path, version, kind, ...known })}\n`;
  };
  const lines = Array.from({ length: 5000 }, (_, index) => line(index));
  await mkdir(join(store, 'journal'));
  await writeFile(join(store, 'journal/first-seen.jsonl'), lines.join(''));
  await mkdir(join(store, 'scratch/dead'), { recursive: true });
  const words = ['--listen', `127.0.0.1:${port}`, '--store', store, '--log-level', 'warn'];
  const { code, stderr } = await runProgram(['serve', ...words]);
  assert.equal(code, 2);
  assert.match(stderr, /^error: another program already listens on/u);
  const database = new DatabaseSync(join(store, 'cofferdam.db'));
  const told = database.prepare('SELECT count(*) AS count FROM artifacts').get();
  database.close();
  assert.equal(told?.['count'], lines.length);
});

test('private paths never reach a public upstream, nor a checksum database', async (context) => {
  const mine = { path: 'git.corp.test/team/secret', version: 'v1.0.0', zipBytes: 2000 };
  const origin = await startOrigin(context, { modules: [mine], checksumDatabase: DATABASE });
  const inside = await startOrigin(context, { modules: [mine] });
  const folder = await temporaryFolder(context);
  const common = [
    '--upstream',
    origin.url,
    '--private',
    'git.corp.test',
    '--sumdb',
    `${origin.database?.key ?? ''} ${origin.url}/sumdb/${DATABASE}`,
  ];
  const without = await startProgram(context, ['--store', join(folder, 'a'), ...common]);
  const miss = await readAnswer(`${without.address}/git.corp.test/team/secret/@v/list`);
  assert.deepEqual([miss.status, miss.headers['cache-control']], [404, 'no-store']);
  assert.match(miss.body.toString(), /its path is private .*\n[^]*--private-upstream/u);
  const lookup = await readAnswer(
    `${without.address}/sumdb/${DATABASE}/lookup/git.corp.test/team/secret@v1.0.0`,
  );
  assert.equal(lookup.status, 403);
  const owned = await startProgram(context, [
    '--store',
    join(folder, 'b'),
    ...common,
    '--private-upstream',
    inside.url,
  ]);
  const found = await readAnswer(
    `${owned.address}/git.corp.test/team/secret/@v/v1.0.0.zip`,
    {},
    5000,
  );
  assert.deepEqual([found.status, found.body.length], [200, 2000]);
  assert.match(String(found.headers['cache-control']), /^private/u);
  assert.equal(origin.counts().total.requests, 0);
});

test('TERM lets a stream end and breaks what does not, within its time', async (context) => {
  const large = { path: 'm.test/slow', version: 'v1.0.0', zipBytes: 4_000_000 };
  const origin = await startOrigin(context, {
    modules: [large],
    network: { bytesPerSecond: 2_000_000 },
  });
  const folder = await temporaryFolder(context);
  const serve = await startProgram(context, [
    '--store',
    join(folder, 'store'),
    '--upstream',
    origin.url,
    '--sumdb',
    'off',
  ]);
  const answer = readAnswer(`${serve.address}/m.test/slow/@v/v1.0.0.zip`, {}, 10_000);
  const idle = connect(Number(new URL(serve.address).port), '127.0.0.1');
  idle.on('error', () => undefined);
  await new Promise((resolve) => idle.once('connect', resolve));
  await new Promise((resolve) => setTimeout(resolve, 500));
  const code = serve.stop();
  assert.equal((await answer).body.length, 4_000_000);
  assert.equal(await code, 0);
});

test('an upstream list that leads back to this proxy is noticed', async (context) => {
  const folder = await temporaryFolder(context);
  const probe = createServer();
  const port = await listen(probe);
  await new Promise((resolve) => probe.close(resolve));
  const serve = await startProgram(context, [
    '--listen',
    `127.0.0.1:${port}`,
    '--store',
    join(folder, 'store'),
    '--upstream',
    `http://127.0.0.1:${port}`,
    '--sumdb',
    'off',
  ]);
  const answer = await readAnswer(`${serve.address}/m.test/x/@v/list`, {}, 10_000);
  assert.equal(answer.status, 502);
});
