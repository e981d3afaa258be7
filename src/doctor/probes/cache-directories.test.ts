import assert from 'node:assert/strict';
import { mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { alarms, examine } from '../../../test/support/examine.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { ProgramError } from '../../platform/index.ts';
import type { Files } from '../../platform/index.ts';
import type { DoctorReport } from '../index.ts';

const only = ['cache-directories'];

interface House {
  readonly folder: string;
  visit(change?: (files: Files) => Files): Promise<DoctorReport>;
}

async function house(t: TestContext): Promise<House> {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'tmp'));
  const environment = {
    GOPROXY: 'off',
    GOMODCACHE: join(folder, 'mod'),
    GOCACHE: join(folder, 'build'),
    TMPDIR: join(folder, 'tmp'),
  };
  return { folder, visit: (change) => examine(t, environment, { only }, change) };
}

/** A disk that refuses to make files inside one folder. */
function refusing(folder: string, code: string, kind: 'denied' | 'full', systemError: string) {
  return (files: Files): Files => ({
    ...files,
    async create(path) {
      if (!path.startsWith(folder)) return files.create(path);
      throw new ProgramError({
        code,
        kind,
        message: `cannot write ${path}`,
        details: { systemError },
      });
    },
  });
}

test('sound directories give no finding, and nothing is left in them', async (t) => {
  const { folder, visit } = await house(t);
  const report = await visit();
  assert.deepEqual(report.findings, []);
  assert.match(
    report.probes[0]?.observations[0]?.text ?? '',
    /mod, not there yet: \d+\.\d GiB free/,
  );
  assert.deepEqual(await readdir(folder), ['tmp']);
  assert.deepEqual(await readdir(join(folder, 'tmp')), []);
});

test('doctors who look at the same moment do not take their files for a fault', async (t) => {
  const { visit } = await house(t);
  const reports = await Promise.all(Array.from({ length: 8 }, () => visit()));
  assert.deepEqual(
    reports.flatMap(({ findings }) => findings),
    [],
  );
});

const planted: readonly [cause: string, kind: 'denied' | 'full', system: string, code: string][] = [
  ['a directory of another user', 'denied', 'EACCES', 'cache-permission-denied'],
  ['a file system that is read-only', 'denied', 'EROFS', 'cache-readonly'],
  ['a full disk', 'full', 'ENOSPC', 'disk-full'],
];
for (const [cause, kind, system, code] of planted) {
  test(`${cause} is named first: ${code}`, async (t) => {
    const { folder, visit } = await house(t);
    await mkdir(join(folder, 'mod'));
    const error = kind === 'full' ? 'disk-full' : 'disk-denied';
    const report = await visit(refusing(join(folder, 'mod'), error, kind, system));
    assert.deepEqual(alarms(report), [code]);
    assert.match(report.findings[0]?.title ?? '', /GOMODCACHE/);
  });
}

/** The list of mounts as the kernel would write it. */
function mounted(lines: string) {
  return (files: Files): Files => ({
    ...files,
    readWhole: async (path, limit) =>
      path === '/proc/self/mounts' ? Buffer.from(lines) : files.readWhole(path, limit),
  });
}

test('a temporary directory without programs is named, with its mount', async (t) => {
  const { folder, visit } = await house(t);
  const report = await visit(
    mounted(`overlay / overlay rw 0 0\ntmpfs ${join(folder, 'tmp')} tmpfs rw,nosuid,noexec 0 0\n`),
  );
  assert.deepEqual(alarms(report), ['tmp-noexec']);
});

test('files that cannot be whole in the module cache are named, with what removes them', async (t) => {
  const { folder, visit } = await house(t);
  const versions = join(folder, 'mod', 'cache', 'download', 'm.test', 'a', '@v');
  await mkdir(versions, { recursive: true });
  await writeFile(join(versions, 'v1.0.0.mod'), '');
  // As small as a zip can be.
  await writeFile(join(versions, 'v1.0.0.zip'), `PK\u0005\u0006${'\0'.repeat(18)}`);
  const report = await visit();
  assert.deepEqual(alarms(report), ['cache-empty-file-hash']);
  assert.equal(report.findings[0]?.fix?.command, `rm '${join(versions, 'v1.0.0.mod')}'`);
  await writeFile(join(versions, 'v1.0.0.mod'), 'module m.test/a\n');
  for (const text of ['', 'PK\u0005\u0006']) {
    await writeFile(join(versions, 'v1.0.0.zip'), text);
    assert.deepEqual(alarms(await visit()), ['cache-corrupt']);
  }
});

test('a lock that a killed git left is named, a fresh one is not', async (t) => {
  const { folder, visit } = await house(t);
  const repository = join(folder, 'mod', 'cache', 'vcs', 'abc');
  await mkdir(repository, { recursive: true });
  await writeFile(join(repository, 'shallow.lock'), '');
  assert.deepEqual(alarms(await visit()), []);
  const hourAgo = new Date(Date.now() - 3_600_000);
  await utimes(join(repository, 'shallow.lock'), hourAgo, hourAgo);
  assert.deepEqual(alarms(await visit()), ['git-lock-left']);
});

test('a file in the place of a directory, or on the way to it, is an error with its name', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'file');
  const link = join(folder, 'link');
  await writeFile(file, '');
  await symlink(join(folder, 'gone'), link);
  const cases: readonly [name: string, path: string, obstacle: string, command: string][] = [
    ['GOMODCACHE', file, `${file} is no directory`, 'unset GOMODCACHE'],
    ['GOCACHE', join(file, 'x/y'), `${file} is no directory`, 'unset GOCACHE'],
    ['GOCACHE', link, `${link} is a link to what is not there`, 'unset GOCACHE'],
    ['TMPDIR', file, `${file} is no directory`, 'unset TMPDIR'],
    ['GOTMPDIR', join(folder, 'x'), `${join(folder, 'x')} is not there`, `mkdir -p '${folder}/x'`],
  ];
  for (const [name, path, obstacle, command] of cases) {
    const report = await examine(t, { GOPROXY: 'off', TMPDIR: folder, [name]: path }, { only });
    assert.deepEqual(alarms(report), ['cache-location-missing'], name);
    assert.equal(report.findings[0]?.title, `${name} is no place for files: ${obstacle}`);
    assert.equal(report.findings[0].fix?.command, command);
    const seen = report.probes[0]?.observations.find(({ subject }) => subject === name);
    assert.equal(seen?.ok, false);
  }
});
