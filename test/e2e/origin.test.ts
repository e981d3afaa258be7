import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { createModuleGraph, createOrigin } from '../../src/drills/index.ts';
import { createAuthority } from '../support/certificates.ts';
import { createSystemClock } from '../../src/platform/adapters.ts';
import type { Origin } from '../../src/drills/index.ts';

const run = promisify(execFile);
const GRAPH = createModuleGraph({
  modules: 30,
  depth: 4,
  medianZipBytes: 5000,
  seed: 'end to end',
});

describe('the synthetic origin with the real go command', () => {
  let folder: string;
  let origin: Origin;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cofferdam-origin-'));
    origin = await createOrigin(
      { clock: createSystemClock() },
      { modules: GRAPH.modules, checksumDatabase: 'sums.test/database' },
    );
  });
  after(async () => {
    await origin.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function layOut(name: string, files: Readonly<Record<string, string>>): Promise<string> {
    const directory = join(folder, name);
    await mkdir(directory, { recursive: true });
    for (const [file, text] of Object.entries(files)) await writeFile(join(directory, file), text);
    return directory;
  }

  async function go(
    directory: string,
    sumdb: string,
    words: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const complete = {
      PATH: process.env['PATH'],
      HOME: folder,
      GOENV: 'off',
      GOFLAGS: '-modcacherw',
      GOMODCACHE: join(directory, 'cache'),
      GOPROXY: origin.url,
      GOSUMDB: sumdb,
      GOTOOLCHAIN: 'local',
      ...environment,
    };
    const { stdout, stderr } = await run('go', words.split(' '), {
      cwd: directory,
      env: complete,
    });
    return stdout + stderr;
  }

  test('a graph downloads and its go.sum is complete and right', async () => {
    const directory = await layOut('sums', GRAPH.main);
    await go(directory, 'off', 'mod download');
    assert.equal(await go(directory, 'off', 'mod verify'), 'all modules verified\n');
    await go(directory, 'off', 'mod tidy');
    assert.equal(await readFile(join(directory, 'go.sum'), 'utf8'), GRAPH.main['go.sum']);
    assert.equal(origin.counts().kinds['zip']?.requests, 30);
  });

  test('the checksum database vouches for it, also while its tree grows', async () => {
    const { 'go.sum': sums, ...main } = GRAPH.main;
    const directory = await layOut('database', main);
    origin.database?.grow(700);
    await go(directory, origin.database?.key ?? '', 'mod download');
    origin.database?.grow(70_000);
    await go(directory, origin.database?.key ?? '', 'mod tidy');
    assert.equal(await readFile(join(directory, 'go.sum'), 'utf8'), sums);
    origin.addModules([{ path: 'late.test/m', version: 'v1.0.0', zipBytes: 2000 }]);
    await go(directory, origin.database?.key ?? '', 'mod download late.test/m@v1.0.0');
    assert.ok((origin.database?.size ?? 0) > 70_730);
  });

  test('with records ahead the database knows each module before anybody asks', async () => {
    const ahead = await createOrigin(
      { clock: createSystemClock() },
      { modules: GRAPH.modules, checksumDatabase: 'ahead.test', recordsAhead: true },
    );
    assert.equal(ahead.database?.size, GRAPH.modules.length);
    const { 'go.sum': _, ...main } = GRAPH.main;
    const directory = await layOut('ahead', main);
    await go(directory, ahead.database?.key ?? '', 'mod download', { GOPROXY: ahead.url });
    assert.equal(ahead.database?.size, GRAPH.modules.length);
    await ahead.close();
  });

  test('a false record in the database is refused by go', async () => {
    const module = { path: 'false.test/m', version: 'v1.0.0' };
    origin.addModules([{ ...module, zipBytes: 2000 }]);
    const hash = `h1:${Buffer.alloc(32).toString('base64')}`;
    origin.database?.add(
      module,
      `${module.path} v1.0.0 ${hash}\n${module.path} v1.0.0/go.mod ${hash}\n`,
    );
    const directory = await layOut('false', { 'go.mod': 'module main.test\n\ngo 1.21\n' });
    await assert.rejects(
      go(directory, origin.database?.key ?? '', 'mod download false.test/m@v1.0.0'),
      /checksum mismatch/,
    );
  });

  test('go trusts it over https with the authority that signed its certificate', async (context) => {
    const authority = await createAuthority(folder, 'origin authority');
    const { cert, key } = await authority.issue(['IP:127.0.0.1']);
    const secure = await createOrigin(
      { clock: createSystemClock() },
      {
        modules: [{ path: 'secure.test/m', version: 'v1.0.0', zipBytes: 2000 }],
        tls: { certificate: cert, key },
      },
    );
    context.after(async () => secure.close());
    const directory = await layOut('secure', { 'go.mod': 'module main.test\n\ngo 1.21\n' });
    const words = 'mod download secure.test/m@v1.0.0';
    await assert.rejects(
      go(directory, 'off', words, { GOPROXY: secure.url }),
      /certificate signed by unknown authority/,
    );
    await go(directory, 'off', words, { GOPROXY: secure.url, SSL_CERT_FILE: authority.file });
    assert.equal(secure.counts().kinds['zip']?.requests, 1);
  });
});
