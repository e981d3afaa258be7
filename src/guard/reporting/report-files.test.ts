import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDiskFiles, createSystemRandom } from '../../platform/adapters.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import {
  checkGrowingFile,
  checkReportFile,
  openReportFiles,
  writeReportFile,
} from './report-files.ts';

const needs = { files: createDiskFiles(), random: createSystemRandom() };

test('the folder of the reports is made with its parents, a directory of one file is not', async (context) => {
  const directory = await temporaryFolder(context);
  const files = await openReportFiles(needs, { directory, folder: 'a/b', files: [] });
  assert.deepEqual(
    files.map(({ kind, path }) => [kind, path.slice(directory.length)]),
    [
      ['json', '/a/b/run.json'],
      ['metrics', '/a/b/metrics.txt'],
      ['variables', '/a/b/run.env'],
      ['junit', '/a/b/junit.xml'],
      ['page', '/a/b/summary.md'],
      ['code-quality', '/a/b/code-quality.json'],
    ],
  );
  assert.deepEqual(await readdir(join(directory, 'a/b')), []);
  const one = { kind: 'json', flag: '--summary-file', path: 'c/run.json' } as const;
  await assert.rejects(openReportFiles(needs, { directory, folder: undefined, files: [one] }), {
    code: 'report-unwritable',
    kind: 'bad-input',
    hint: `mkdir -p '${directory}/c'`,
  });
});

test('directories, files in the place of directories and lost devices are refused', async (context) => {
  const directory = await temporaryFolder(context);
  await writeFile(join(directory, 'file'), '');
  for (const path of [directory, join(directory, 'file', 'x'), '/dev/null/x', '/dev/none']) {
    await assert.rejects(checkReportFile(needs, '--f', path), { code: 'report-unwritable' }, path);
  }
});

test('a folder in which nothing can be made is refused with the reason', async (context) => {
  if (process.getuid?.() === 0) return context.diagnostic('root may write everywhere');
  const directory = await mkdtemp(join(await temporaryFolder(context), 'x'));
  await chmod(directory, 0o500);
  await assert.rejects(checkReportFile(needs, '--f', join(directory, 'run.json')), {
    message: /^the command was not started: --f \S+ cannot be written: /,
  });
});

test('a file is replaced whole, and a device keeps its place', async (context) => {
  const directory = await temporaryFolder(context);
  const path = join(directory, 'run.json');
  await writeFile(path, 'older and longer');
  await checkReportFile(needs, '--f', path);
  assert.equal(await readFile(path, 'utf8'), 'older and longer');
  await writeReportFile(needs, path, 'new\n');
  assert.equal(await readFile(path, 'utf8'), 'new\n');
  await checkReportFile(needs, '--f', '/dev/null');
  await writeReportFile(needs, '/dev/null', 'x');
  assert.equal((await needs.files.status('/dev/null'))?.kind, 'other');
});

test('a file that grows takes the place of no device', async (context) => {
  const directory = await temporaryFolder(context);
  await mkdir(join(directory, 'sub'));
  await checkGrowingFile(needs, '--log-file', join(directory, 'sub', 'log'));
  await symlink('/dev/null', join(directory, 'link'));
  for (const path of ['/dev/null', join(directory, 'link')]) {
    await assert.rejects(checkGrowingFile(needs, '--log-file', path), {
      message: /it is no ordinary file$/,
    });
  }
});
