import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { readGoEnvironment } from '../../src/app.ts';
import { explainPath } from '../../src/go-environment/index.ts';
import type { Origin } from '../../src/drills/index.ts';
import { programContext } from '../support/program-context.ts';
import { runProgram } from '../support/start-program.ts';
import { startOrigin } from '../support/start-origin.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

// Nothing answers there, so that what goes directly ends at once and reaches nobody.
const MODULE = { path: 'git.corp.invalid/lib', version: 'v1.0.0', zipBytes: 1000 };

interface Scene {
  readonly origin: Origin;
  readonly home: string;
}

async function scene(t: TestContext): Promise<Scene> {
  const origin = await startOrigin(t, { modules: [MODULE], checksumDatabase: 'sum.scene.test' });
  return { origin, home: await temporaryFolder(t) };
}

function settings({ origin, home }: Scene, more: Readonly<Record<string, string>>) {
  return {
    HOME: home,
    GOENV: 'off',
    GOFLAGS: '-modcacherw',
    GOTOOLCHAIN: 'local',
    GOVCS: '*:off',
    GOPROXY: `${origin.url},off`,
    GOSUMDB: origin.database?.key ?? '',
    ...more,
  };
}

const rows: readonly Readonly<Record<string, string>>[] = [
  {},
  { GONOSUMDB: '*.invalid' },
  { GONOSUMDB: 'corp.invalid,git.corp.invalid/l?b' },
  { GONOSUMDB: 'git.corp.invalid/library' },
  { GOSUMDB: 'off' },
  { GOPRIVATE: 'git.*/l*' },
  { GONOPROXY: '*.corp.invalid' },
  { GOPRIVATE: '*.invalid', GONOPROXY: 'none' },
  { GOPROXY: 'off' },
];

test('env explain-path says whom the real go asks', async (t) => {
  for (const [index, row] of rows.entries()) {
    const here = await scene(t);
    const environment = settings(here, row);
    const main = join(here.home, `main${index}`);
    await mkdir(main);
    await writeFile(join(main, 'go.mod'), 'module example.test/main\n\ngo 1.21\n');
    const { sources, checksum } = explainPath(
      await readGoEnvironment(
        programContext(main, { PATH: process.env['PATH'] ?? '', ...environment }),
      ),
      MODULE.path,
    );
    await run('go', ['mod', 'download', `${MODULE.path}@${MODULE.version}`], {
      cwd: main,
      env: { PATH: process.env['PATH'], ...environment },
    }).catch(() => undefined);
    const kinds = Object.keys(here.origin.counts().kinds);
    const shown = JSON.stringify({ row, sources, checksum, kinds });
    assert.equal(kinds.includes('zip'), sources[0]?.kind === 'proxy', shown);
    if (sources[0]?.kind === 'proxy') {
      assert.equal(kinds.includes('sumdb'), checksum.isAsked, shown);
    }
  }
});

test('env explain shows what go env says and where it comes from', async (t) => {
  const here = await scene(t);
  await writeFile(join(here.home, 'goenv'), 'GONOSUMDB=from.file\n');
  const environment = settings(here, {
    GOENV: join(here.home, 'goenv'),
    GOPROXY: 'https://someone:hunter2@a.example|direct',
  });
  const { stdout, code } = await runProgram(['env', 'explain'], environment, here.home);
  assert.equal(code, 0);
  assert.match(stdout, /^GOPROXY=https:\/\/\[hidden\]@a\.example\|direct {2}\(the environment\)$/m);
  assert.match(stdout, /^GONOSUMDB=from\.file {2}\(.*\/goenv\)$/m);
  assert.ok(!stdout.includes('hunter2'));
  const one = await runProgram(['env', 'explain', 'GOSUMDB'], environment, here.home);
  assert.equal(one.stdout.split('\n')[0]?.startsWith('GOSUMDB='), true);
  assert.equal((await runProgram(['env', 'explain', 'GOPROX'], environment)).code, 2);
});

test('env explain-path answers programs too', async (t) => {
  const here = await scene(t);
  const words = ['env', 'explain-path', MODULE.path, '--format', 'json'];
  const { stdout, code } = await runProgram(words, settings(here, {}), here.home);
  assert.equal(code, 0);
  const { sources } = JSON.parse(stdout) as { sources: readonly { kind: string }[] };
  assert.deepEqual(
    sources.map(({ kind }) => kind),
    ['proxy', 'off'],
  );
});

test('env --shell prints a line that a shell takes', async () => {
  const { stdout, code } = await runProgram([
    'env',
    '--shell',
    '--server',
    'http://127.0.0.1:1/a&b',
  ]);
  assert.equal(code, 0);
  const value = execFileSync('sh', ['-c', `${stdout}printf %s "$GOPROXY"`]).toString();
  assert.equal(value, 'http://127.0.0.1:1/a&b');
  const secret = await runProgram(['env', '--shell', '--server', 'http://u:hunter2@h']);
  assert.equal(secret.code, 2);
  assert.ok(!secret.stderr.includes('hunter2') && secret.stdout === '');
});
