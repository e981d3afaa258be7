import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { alarms, examine, programs } from '../../../test/support/examine.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { DoctorReport } from '../index.ts';

/** Newer than any Go that runs these tests. */
const FUTURE = '1.999.0';

async function visit(
  t: TestContext,
  files: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): Promise<DoctorReport> {
  const directory = await temporaryFolder(t);
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const variables = { ...programs, GOPROXY: 'https://proxy.test', ...environment };
  return examine(t, variables, { only: ['versions'], directory });
}

function modfile(goLine: string): Readonly<Record<string, string>> {
  return { 'go.mod': `module example.test/main\n\ngo ${goLine}\n` };
}

test('a go line that the go command can do gives no finding', async (t) => {
  const report = await visit(t, { ...modfile('1.21'), Dockerfile: 'FROM golang:1.26-alpine\n' });
  assert.deepEqual(report.findings, []);
  const seen =
    report.probes[0]?.observations.map(({ subject, text }) => `${subject}: ${text}`) ?? [];
  assert.match(seen[0] ?? '', /^go command: go1\./);
  assert.deepEqual(seen.slice(1), ['go.mod: go 1.21', 'image: golang 1.26 in Dockerfile:1']);
});

const planted: readonly [
  cause: string,
  environment: Readonly<Record<string, string>>,
  code: string,
][] = [
  ['GOTOOLCHAIN=local', { GOTOOLCHAIN: 'local' }, 'go-too-old-local'],
  ['GOTOOLCHAIN=path', { GOTOOLCHAIN: 'path' }, 'toolchain-not-in-path'],
  ['no checksum database', { GOTOOLCHAIN: 'auto', GOSUMDB: 'off' }, 'gosumdb-off-toolchain'],
  [
    'no proxy',
    { GOTOOLCHAIN: 'auto', GOSUMDB: 'sum.golang.org', GOPROXY: 'direct' },
    'toolchain-not-available',
  ],
];
for (const [cause, environment, code] of planted) {
  test(`a go line from the future with ${cause} is named first: ${code}`, async (t) => {
    assert.deepEqual(alarms(await visit(t, modfile(FUTURE), environment)), [code]);
  });
}

test('a line of go.mod that the Go at work cannot read is named with the Go that can', async (t) => {
  const directory = await temporaryFolder(t);
  const old = join(directory, 'bin');
  await mkdir(old);
  // As Go 1.15 answers: it has no GOVERSION, and says its version only when asked for it.
  const answers =
    '#!/bin/sh\ncase $1 in version) echo go version go1.15.15 linux/amd64;; *) echo "{}";; esac\n';
  await writeFile(join(old, 'go'), answers, { mode: 0o755 });
  const environment = { PATH: `${old}:${programs['PATH'] ?? ''}` };
  const told = async (text: string): Promise<readonly string[]> => {
    const report = await visit(
      t,
      { 'go.mod': `module example.test/main\n\n${text}\n` },
      environment,
    );
    return report.findings.map(({ code, severity, title }) => `${severity} ${code}: ${title}`);
  };
  assert.deepEqual(await told('go 1.15\n\ntool example.com/x/cmd'), [
    'error go-too-old-gomod: go.mod has a tool line, which go 1.15.15 does not know',
  ]);
  assert.deepEqual(await told('go 1.23'), [
    'warning go-too-old-gomod: go 1.15.15 is older than go.mod wants, and cannot fetch a newer one',
  ]);
  assert.match((await told('go 1.23.4'))[0] ?? '', /^error go-too-old-gomod/);
  assert.deepEqual(await told('go 1.15\n\nexclude example.com/x v1.0.0'), []);
});

test('an image that is older than the go line is a warning with its line', async (t) => {
  const report = await visit(t, {
    ...modfile('1.22'),
    Dockerfile: '# build\nFROM golang:1.20.3 AS build\n',
  });
  assert.deepEqual(alarms(report), ['go-too-old-local']);
  assert.deepEqual(
    [report.findings[0]?.evidence[0]?.source, report.findings[0]?.evidence[0]?.line],
    ['Dockerfile', 2],
  );
});

test('a go.mod with a conflict, and one that cannot be read, are named with their line', async (t) => {
  const conflict = 'module m.test/a\n\n<<<<<<< HEAD\ngo 1.21\n=======\ngo 1.22\n>>>>>>> b\n';
  const report = await visit(t, { 'go.mod': conflict });
  assert.deepEqual(alarms(report), ['gomod-merge-conflict']);
  assert.equal(report.findings[0]?.evidence[0]?.line, 3);
  const broken = await visit(t, { 'go.mod': 'module m.test/a\n\nrequires x\n' });
  assert.deepEqual(alarms(broken), ['gomod-syntax']);
  assert.equal(broken.findings[0]?.evidence[0]?.line, 3);
});

test('without a go command that is said, and matters only where something is to be built', async (t) => {
  const nowhere = await temporaryFolder(t);
  const report = await visit(t, modfile('1.21'), { PATH: nowhere });
  assert.deepEqual(alarms(report), ['go-missing']);
  assert.deepEqual(alarms(await visit(t, {}, { PATH: nowhere })), []);
});
