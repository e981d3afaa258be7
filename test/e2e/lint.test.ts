import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fixManifests, lintManifests } from '../../src/manifest/index.ts';
import { createDiskFiles } from '../../src/platform/adapters.ts';
import { runProgram } from '../support/start-program.ts';

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cofferdam-lint-'));
});

after(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function plant(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const directory = join(folder, name);
  for (const [file, text] of Object.entries({ 'm.go': 'package m\n', ...files })) {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await writeFile(join(directory, file), text);
  }
  return directory;
}

/** What the real go says of the manifests of a directory: whether it reads them and agrees with them. */
async function goReads(
  directory: string,
  ...words: readonly string[]
): Promise<string | undefined> {
  const env = {
    ...process.env,
    GOFLAGS: '',
    GOPROXY: 'off',
    GOTOOLCHAIN: 'local',
    GO111MODULE: '',
  };
  return new Promise((resolve) => {
    execFile('go', words, { cwd: directory, env }, (error, _, said) => {
      resolve(error === null ? undefined : said);
    });
  });
}

const READ = ['list', '-m'] as const;
const HEAD = 'module m.test/x\n\ngo 1.21\n';

/** Files that go refuses, and whether they can be mended without knowing more. */
const refused: Readonly<Record<string, readonly [mendable: boolean, goMod: string]>> = {
  'leading-v': [true, 'module m.test/x\n\ngo v1.21\n'],
  'quoted-go': [true, 'module m.test/x\n\ngo "1.21"\n'],
  'latest-go': [false, 'module m.test/x\n\ngo latest\n'],
  'toolchain-v': [true, `${HEAD}\ntoolchain v1.21.1\n`],
  'two-go-lines': [true, `${HEAD}\ngo 1.20\n`],
  'no-module': [false, 'go 1.21\n'],
  'module-url': [true, 'module https://m.test/x.git\n\ngo 1.21\n'],
  'typing-error': [true, `${HEAD}\nrequires a.test/y v1.0.0\n`],
  'version-without-v': [true, `${HEAD}\nexclude a.test/y 1.0.0\n`],
  'open-block': [true, `${HEAD}\nexclude (\n\ta.test/y v1.0.0\n\nexclude a.test/z v1.0.0\n`],
  'stray-parenthesis': [true, `${HEAD}\n)\n`],
  'merge-marks': [true, `${HEAD}\n<<<<<<< HEAD\nexclude a.test/y v1.0.0\n=======\n>>>>>>> x\n`],
  'byte-order-mark': [true, `\uFEFF${HEAD}`],
  'c-comment': [true, `${HEAD}\n/* why */\n`],
  'wrong-arrow': [true, `${HEAD}\nreplace a.test/y -> a.test/z v1.0.0\n`],
  'two-replaces': [false, `${HEAD}\nreplace a.test/y => ./y\nreplace a.test/y => ./z\n`],
  nonsense: [false, `${HEAD}\nthis is no line\n`],
};

test('what go refuses is an error, and what can be mended go reads afterwards', async () => {
  const files = createDiskFiles();
  for (const [name, [isMendable, goMod]] of Object.entries(refused)) {
    const directory = await plant(name, { 'go.mod': goMod });
    assert.notEqual(await goReads(directory, 'list', './...'), undefined, `go reads ${name}`);
    const settings = { directory, lastResort: false };
    const { reports } = await fixManifests({ files }, ['go.mod'], settings);
    const errors = reports.flatMap(({ findings }) =>
      findings.filter(({ severity }) => severity === 'error'),
    );
    assert.equal(errors.length === 0, isMendable, `${name}: ${JSON.stringify(errors)}`);
    if (isMendable) assert.equal(await goReads(directory, ...READ), undefined, name);
  }
});

test('files that go reads have no error', async () => {
  const sound: Readonly<Record<string, string>> = {
    plain: HEAD,
    'no-go-line': 'module m.test/x\n',
    'old-layout': 'module "m.test/x"\ngo 1.21\nexclude (\n\n\n a.test/y   v1.0.0\n)\n',
    'said-twice': `${HEAD}\nexclude a.test/y v1.0.0\nexclude a.test/y v1.0.0\n`,
  };
  for (const [name, goMod] of Object.entries(sound)) {
    const directory = await plant(name, { 'go.mod': goMod });
    assert.equal(await goReads(directory, ...READ), undefined, name);
    const needs = { files: createDiskFiles() };
    const reports = await lintManifests(needs, ['.'], { directory, lastResort: false });
    const errors = reports.flatMap(({ findings }) =>
      findings.filter(({ severity }) => severity === 'error'),
    );
    assert.deepEqual(errors, [], name);
  }
});

test('a workspace that go refuses is mended', async () => {
  const directory = await plant('workspace', {
    'go.work': 'go 1.20\n\nuse ./a\nuse ./a\n',
    'a/go.mod': 'module m.test/a\n\ngo 1.21\n',
    'a/a.go': 'package a\n',
  });
  assert.notEqual(await goReads(directory, 'list', 'm.test/a'), undefined);
  const files = createDiskFiles();
  const { reports } = await fixManifests({ files }, ['.'], { directory, lastResort: false });
  assert.deepEqual(
    reports.flatMap(({ findings }) => findings),
    [],
  );
  assert.equal(await goReads(directory, 'list', 'm.test/a'), undefined);
});

test('the command line shows, writes and gates with its exit codes', async () => {
  const directory = await plant('command', { 'go.mod': `module m.test/x\n\ngo v1.21\n` });
  const shown = await runProgram(['lint', '--fix', '--dry-run'], {}, directory);
  assert.equal(shown.code, 1);
  assert.match(shown.stdout, /^-go v1\.21\n\+go 1\.21$/m);
  assert.match(shown.stderr, /^1 file: 1 error\n$/);
  const done = await runProgram(['lint', '--fix', '--tidy', '--json'], {}, directory);
  assert.equal(done.code, 0, done.stdout + done.stderr);
  const { findings } = JSON.parse(done.stdout) as { readonly findings: readonly unknown[] };
  assert.deepEqual(findings, []);
  assert.equal(await readFile(join(directory, 'go.mod'), 'utf8'), HEAD);
  const { code, stderr } = await runProgram(['lint', 'm.go'], {}, directory);
  assert.equal(code, 2);
  assert.match(stderr, /^error: "m\.go" cannot be checked: it is not a go\.mod/);
});
