import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { missingPackages, type Lockfile } from '../../scripts/complete-lockfile.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const repository = dirname(dirname(import.meta.dirname));
const lockfile = JSON.parse(
  readFileSync(join(repository, 'package-lock.json'), 'utf8'),
) as Lockfile;
/** Of a platform that no registry mirrors for us. */
const FOREIGN = 'node_modules/@rolldown/binding-win32-x64-msvc';

function without(name: string): Lockfile {
  const kept = Object.entries(lockfile.packages).filter(([place]) => place !== name);
  return { ...lockfile, packages: Object.fromEntries(kept) };
}

test('package-lock.json has what its packages name, for every platform (npm run lockfile)', () => {
  assert.deepEqual(missingPackages(lockfile), []);
  assert.deepEqual(
    missingPackages(without(FOREIGN)).map(({ place }) => place),
    [FOREIGN],
  );
});

const hasNpm = spawnSync('npm', ['--version']).status === 0;

test(
  'npm ci takes package-lock.json, and refuses one that lacks a platform',
  { skip: hasNpm ? false : 'npm is not on PATH' },
  async (context) => {
    const folder = await temporaryFolder(context);
    copyFileSync(join(repository, 'package.json'), join(folder, 'package.json'));
    const codes = [lockfile, without(FOREIGN)].map((each) => {
      writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(each));
      const words = ['ci', '--dry-run', '--offline', '--no-audit', '--no-fund'];
      return spawnSync('npm', words, { cwd: folder }).status;
    });
    assert.deepEqual(codes, [0, 1]);
  },
);
