import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { createDiskFiles } from '../platform/adapters.ts';
import { parseModfile } from '../gomod/modfile/index.ts';
import { fixManifests } from './fix-manifests.ts';
import { lintManifests, type ManifestReport } from './lint-manifests.ts';

type Tree = Readonly<Record<string, string | Buffer>>;

async function inTree<T>(tree: Tree, use: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'cofferdam-manifest-'));
  try {
    for (const [name, content] of Object.entries(tree)) {
      await mkdir(dirname(join(directory, name)), { recursive: true });
      await writeFile(join(directory, name), content);
    }
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function lint(tree: Tree, ...paths: string[]): Promise<readonly ManifestReport[]> {
  return inTree(tree, (directory) =>
    lintManifests({ files: createDiskFiles() }, paths.length === 0 ? ['.'] : paths, {
      directory,
      lastResort: false,
    }),
  );
}

function told(reports: readonly ManifestReport[]): readonly string[] {
  return reports.flatMap(({ findings }) =>
    findings.map(({ code, severity, evidence }) => {
      const [{ source = '', line } = {}] = evidence;
      return `${code} ${severity} ${source}${line === undefined ? '' : `:${line}`}`;
    }),
  );
}

async function fixed(text: string, lastResort = false): Promise<string> {
  return inTree({ 'go.mod': text }, async (directory) => {
    await fixManifests({ files: createDiskFiles() }, ['go.mod'], { directory, lastResort });
    return readFile(join(directory, 'go.mod'), 'utf8');
  });
}

const HEAD = 'module m.test/x\n\ngo 1.21\n';

test('K04: a version that is not written in full is an error, and no fix writes one', async () => {
  const texts = {
    'require a.test/b v1\n': ['K04 error go.mod:5'],
    'require (\n\ta.test/b v1.0.0\n\ta.test/c v1.2 // indirect\n)\n': ['K04 error go.mod:7'],
    'replace a.test/b => a.test/c v2.0.0+meta\n': ['K04 error go.mod:5'],
    'retract [v1, v1.0.1]\n': ['K04 error go.mod:5'],
    'require a.test/b v2.0.0+incompatible // v1\n': [],
  };
  for (const [text, expected] of Object.entries(texts)) {
    const all = told(await lint({ 'go.mod': `${HEAD}\n${text}` }));
    assert.deepEqual(
      all.filter((line) => line.startsWith('K04')),
      expected,
      text,
    );
  }
  for (const text of ['requir bad v1\n', 'require a.test/b@v1\n']) {
    assert.doesNotMatch(await fixed(`${HEAD}\n${text}`), /^require \S+ v1$/m);
  }
});

test('a sound go.mod has nothing to tell', async () => {
  assert.deepEqual(told(await lint({ 'go.mod': HEAD })), []);
});

test('K01: a go or toolchain line is written as it was meant', async () => {
  const lines = {
    'go v1.21': 'go 1.21',
    'go "1.21"': 'go 1.21',
    'go go1.22.3': 'go 1.22.3',
    'go = 1.21': 'go 1.21',
    'go >=1.21': 'go 1.21',
    'go 1.21.x': 'go 1.21',
    'go1.21': 'go 1.21',
    'golang 1.21 // for CI': 'go 1.21 // for CI',
  };
  for (const [wrong, right] of Object.entries(lines)) {
    assert.equal(await fixed(`module m.test/x\n\n${wrong}\n`), `module m.test/x\n\n${right}\n`);
  }
  const toolchain = `${HEAD}\ntoolchain v1.22.1\n`;
  assert.equal(await fixed(toolchain), `${HEAD}\ntoolchain go1.22.1\n`);
  assert.deepEqual(told(await lint({ 'go.mod': toolchain })), ['K01 error go.mod:5']);
  const twice = `${HEAD}\ngo 1.22\n`;
  assert.equal(await fixed(twice), 'module m.test/x\n\ngo 1.22\n\n');
});

test('K01: what nobody can tell is left as it is', async () => {
  const text = 'module m.test/x\n\ngo latest\n';
  assert.deepEqual(told(await lint({ 'go.mod': text })), [
    'K01 error go.mod:3',
    'K05 info go.mod:3',
  ]);
  assert.match(await fixed(text), /^go latest$/m);
});

test('K02: of two versions of one module the higher one stays', async () => {
  const sum = 'a.test/y v1.10.0/go.mod h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydI=\n';
  const text = `${HEAD}\nrequire (\n\ta.test/y v1.9.0\n\ta.test/y v1.10.0 // indirect\n)\n`;
  const reports = await lint({ 'go.mod': text, 'go.sum': sum });
  assert.deepEqual(told(reports), ['K02 error go.mod:6']);
  assert.equal(
    reports[0]?.diff,
    `--- a/go.mod\n+++ b/go.mod\n@@ -3,6 +3,5 @@\n go 1.21\n \n require (\n-\ta.test/y v1.9.0\n \ta.test/y v1.10.0 // indirect\n )\n`,
  );
  const same = `${HEAD}\nexclude a.test/y v1.0.0\nexclude a.test/y v1.0.0\n`;
  assert.deepEqual(told(await lint({ 'go.mod': same })), ['K02 warning go.mod:6']);
});

test('K03: without a module path nothing is invented, without a go line the assumed one is written', async () => {
  assert.deepEqual(told(await lint({ 'go.mod': 'go 1.21\n' })), ['K03 error go.mod']);
  assert.equal(await fixed('module m.test/x\n'), 'module m.test/x\n\ngo 1.16\n');
  assert.equal(
    await fixed('module https://m.test/x.git\n\ngo 1.21\n'),
    'module m.test/x\n\ngo 1.21\n',
  );
});

test('K04: lines that were meant otherwise are mended, one file with many at once', async () => {
  const text = `${HEAD}
requires a.test/a 1.2.3
require a.test/b@v1.0.0
require a.test/c v1.0.0;
/* why */
exclude (
	a.test/d v1.0.0
)
replace a.test/b -> a.test/e v1.0.0
)
`;
  const after = await fixed(text);
  const parsed = parseModfile('go.mod', after);
  assert.ok(parsed.ok, after);
  assert.deepEqual(
    parsed.value.require.map(({ module }) => `${module.path} ${module.version}`),
    ['a.test/a v1.2.3', 'a.test/b v1.0.0', 'a.test/c v1.0.0'],
  );
  assert.equal(parsed.value.replace.length, 1);
  assert.match(after, /^\/\/ why$/m);
});

test('K04: of a merge that was never done both sides stay, in their higher versions', async () => {
  const text = `${HEAD}
require (
<<<<<<< HEAD
	a.test/y v1.0.0
||||||| base
	a.test/y v0.9.0
=======
	a.test/y v1.2.0
	a.test/z v1.0.0
>>>>>>> main
)
`;
  assert.equal(await fixed(text), `${HEAD}\nrequire (\n\ta.test/y v1.2.0\n\ta.test/z v1.0.0\n)\n`);
});

test('K05: the last resort takes out what nobody can read, and no version changes', async () => {
  const text = `${HEAD}\nrequire a.test/y v1.0.0\nthis is no line\nrequire a.test/z master\n`;
  assert.deepEqual(told(await lint({ 'go.mod': text })), [
    'K04 error go.mod:6',
    'K04 error go.mod:7',
    'K07 warning go.mod',
    'K05 info go.mod:6',
  ]);
  assert.equal(await fixed(text), text);
  assert.equal(await fixed(text, true), `${HEAD}\nrequire a.test/y v1.0.0\n`);
});

test('K06: replaces are told, and a directory that is missing or somewhere else is wrong', async () => {
  const text = `${HEAD}
require a.test/y v1.0.0

replace a.test/y => ./y

replace a.test/z => /nowhere/z

replace a.test/w => a.test/v v1.0.0
`;
  const tree = { 'go.mod': text, 'y/go.mod': 'module a.test/y\n', '.git/HEAD': '' };
  assert.deepEqual(told(await lint(tree)), [
    'K06 error go.mod:9',
    'K06 info go.mod:7',
    'K06 info go.mod:9',
    'K06 info go.mod:11',
    'K06 info go.mod:11',
  ]);
  const twice = `${HEAD}\nrequire a.test/y v1.0.0\n\nreplace a.test/y => a.test/z v1.0.0\nreplace a.test/y => a.test/w v1.0.0\n`;
  assert.match(told(await lint({ 'go.mod': twice })).join(), /K06 error go\.mod:8/);
});

test('K07: go.sum is read for what it lacks, and for lines that cannot be', async () => {
  const good = 'h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydI=';
  const other = 'h1:H7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydI=';
  const tree = {
    'go.mod': `${HEAD}\nrequire a.test/y v1.0.0\n\nrequire a.test/z v1.0.0\n`,
    'go.sum': [
      `a.test/y v1.0.0 ${good}`,
      `a.test/y v1.0.0 ${other}`,
      '<<<<<<< HEAD',
      'two words',
      'a.test/w v1.0.0 h1:short=',
      '',
    ].join('\n'),
  };
  assert.deepEqual(told(await lint(tree)), [
    'K07 warning go.mod',
    'K07 error go.sum:2',
    'K07 error go.sum:3',
    'K07 error go.sum:4',
    'K07 error go.sum:5',
  ]);
});

test('a workspace is checked with all its modules', async () => {
  const tree = {
    'go.work': 'go 1.20\n\nuse ./a\nuse ./b\nuse ./gone\nuse ./a\n',
    'a/go.mod': 'module m.test/a\n\ngo 1.22\n\nreplace r.test/x => r.test/y v1.0.0\n',
    'b/go.mod': 'module m.test/b\n\ngo v1.20\n\nreplace r.test/x => r.test/z v1.0.0\n',
  };
  const found = told(await lint(tree)).filter((line) => !line.includes(' info '));
  assert.deepEqual(found, [
    'K06 error go.work',
    'K01 error go.work:1',
    'K06 error go.work:5',
    'K02 warning go.work:6',
    'K01 error b/go.mod:3',
  ]);
});

test('what is no text, too large, absent or of another kind is told in one sentence', async () => {
  const bad: readonly (readonly [Tree, string, RegExp])[] = [
    [{ 'go.mod': Buffer.from([0x6d, 0, 1]) }, 'go.mod', /byte 2 is 0/],
    [{ 'go.mod': Buffer.from('module m\n\xff\n', 'latin1') }, 'go.mod', /line 2 is not UTF-8/],
    [{ 'go.mod': 'x'.repeat(17 * 1024 * 1024) }, 'go.mod', /go reads at most 16777216/],
    [{}, 'go.mod', /there is no such file/],
    [{ 'x.txt': '' }, 'x.txt', /it is not a go\.mod, go\.work or go\.sum file/],
    [{ 'go.mod/x': '' }, 'go.mod', /^$/],
  ];
  for (const [tree, path, wanted] of bad.slice(0, -1)) {
    await assert.rejects(lint(tree, path), wanted);
  }
  assert.deepEqual(await lint({}, '.'), []);
});

test('a file that is no go.mod at all ends soon', async () => {
  const started = performance.now();
  const reports = await lint({ 'go.mod': 'not ( a line\n'.repeat(20_000) });
  assert.ok(reports[0] !== undefined && reports[0].findings.length <= 120);
  assert.ok(performance.now() - started < 20_000);
});

test('nothing secret of a line is shown', async () => {
  const secret = `ghp_${'Zx9'.repeat(12)}`;
  const [report] = await lint({ 'go.mod': `${HEAD}\nrequires a.test/y 1.0.0 // ${secret}\n` });
  assert.doesNotMatch(JSON.stringify({ ...report, fixed: '' }), /Zx9/);
  assert.match(report?.fixed ?? '', /Zx9/);
});
