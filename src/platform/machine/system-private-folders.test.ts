import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readlink, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createPrivateFolders } from '../adapters.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';

test('only the user himself can enter the folder and read its files', async () => {
  const folder = await createPrivateFolders().make();
  const file = await folder.write('netrc', 'machine a login b password c\n');
  assert.equal((await stat(folder.path)).mode & 0o777, 0o700);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal(await readFile(file, 'utf8'), 'machine a login b password c\n');
  await assert.rejects(folder.write('netrc', 'again'), { code: 'file-exists' });
  await folder.remove();
  assert.equal(existsSync(folder.path), false);
  await folder.remove();
});

test('it goes with a program that ends without asking', async (context) => {
  const place = await temporaryFolder(context);
  const script = `
    const { createPrivateFolders } = await import(process.argv[1]);
    const folder = await createPrivateFolders(process.argv[2]).make();
    await folder.write('a', 'b');
    console.log(folder.path);
    process.exit(3);`;
  const door = new URL('../adapters.ts', import.meta.url).href;
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', script, door, place]);
  assert.equal(ended.status, 3, ended.stderr.toString());
  const path = ended.stdout.toString().trim();
  assert.ok(path.startsWith(place));
  assert.equal(existsSync(path), false);
});

test('what a killed program left is swept away, of another container after a day, and what others use stays', async (context) => {
  const place = await temporaryFolder(context);
  const dead = spawnSync('true').pid;
  const here = /\d+/.exec(await readlink('/proc/self/ns/pid'))?.[0] ?? '';
  const names = [
    `cofferdam-${dead}-${here}-aaaaaa`,
    `cofferdam-${dead}-1-bbbbbb`,
    `cofferdam-${dead}-1-cccccc`,
    `cofferdam-${process.pid}-${here}-dddddd`,
  ];
  for (const name of [...names, 'other']) await mkdir(join(place, name));
  for (const name of [names[1] ?? '', names[3] ?? '', 'other'])
    await utimes(join(place, name), 1, 1);
  const folder = await createPrivateFolders(place).make();
  context.after(() => folder.remove());
  assert.deepEqual(
    [...names, 'other'].map((name) => existsSync(join(place, name))),
    [false, false, true, true, true],
  );
});
