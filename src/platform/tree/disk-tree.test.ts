import assert from 'node:assert/strict';
import { chmod, lstat, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { createDiskTree } from './disk-tree.ts';

test('createDiskTree() removes what is write-protected, and never what a link points to', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'outside'), 'stays');
  await mkdir(join(folder, 'module', 'inner'), { recursive: true });
  await writeFile(join(folder, 'module', 'inner', 'file'), 'goes', { mode: 0o444 });
  await symlink(join(folder, 'outside'), join(folder, 'module', 'inner', 'link'));
  await symlink(folder, join(folder, 'module', 'up'));
  for (const name of ['module/inner', 'module']) await chmod(join(folder, name), 0o555);
  const tree = createDiskTree();
  await tree.remove(join(folder, 'module'));
  await tree.remove(join(folder, 'module'));
  assert.equal(await tree.look(join(folder, 'module')), undefined);
  assert.equal(await readFile(join(folder, 'outside'), 'utf8'), 'stays');
});

test('createDiskTree() opens files only, and says what a name is itself', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'file'), 'text');
  await symlink(join(folder, 'file'), join(folder, 'link'));
  const tree = createDiskTree();
  const file = await tree.open(join(folder, 'file'));
  assert.equal(file?.status.size, 4);
  await file?.close();
  assert.equal(await tree.open(join(folder, 'link')), undefined);
  assert.equal(await tree.open(folder), undefined);
  assert.equal(await tree.open(join(folder, 'absent')), undefined);
  assert.equal((await tree.look(join(folder, 'link')))?.kind, 'link');
  assert.deepEqual(
    (await tree.list(folder))?.map(({ name, kind }) => `${kind} ${name}`).toSorted(),
    ['file file', 'link link'],
  );
  assert.equal(await tree.list(join(folder, 'file')), undefined);
});

test('createDiskTree() sees what its owner may not read, and makes it readable', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'secret');
  await writeFile(path, 'x', { mode: 0o200 });
  const tree = createDiskTree();
  assert.equal((await tree.look(path))?.isReadable, false);
  await tree.makeReadable(path);
  assert.equal((await tree.look(path))?.isReadable, true);
  assert.equal((await lstat(path)).mode & 0o777, 0o600);
});
