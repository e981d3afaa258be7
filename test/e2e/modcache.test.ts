import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { tmpdir } from 'node:os';
import { createSeeded } from '../support/seeded.ts';
import { moduleDamages, pickDamages, placeOf, sharedDamages } from '../modcache/damages.ts';
import { createLaboratory, exists, listTree } from '../modcache/laboratory.ts';
import type { CacheCopy, Laboratory } from '../modcache/laboratory.ts';
import { heal, play, program, verify } from '../modcache/play.ts';
import { runProgram } from '../support/start-program.ts';

let laboratory: Laboratory;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cofferdam-modcache-'));
  laboratory = await createLaboratory(folder);
});

after(async () => {
  await laboratory.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

function firstPlace(): ReturnType<typeof placeOf> {
  const [module] = laboratory.modules;
  assert.ok(module);
  return placeOf(module);
}

async function withCopy(name: string, use: (copy: CacheCopy) => Promise<void>): Promise<void> {
  const copy = await laboratory.copy(name);
  await use(copy);
  await copy.remove();
}

test('each kind of damage is found and healed, and go brings back what was', async () => {
  const { kinds, found } = await play(laboratory, 'all', moduleDamages);
  assert.ok(kinds.length >= 20);
  // A flipped bit may be one that says nothing, and a lock file is no damage.
  assert.ok(found >= kinds.length - 2, `${found} findings for ${kinds.length} kinds`);
});

for (const kind of sharedDamages) {
  test(`${kind.name} is healed`, async () => {
    await play(laboratory, kind.name.replaceAll(/\W/g, '-'), [kind]);
  });
}

test('caches that are damaged at random are healed', async () => {
  const random = createSeeded('a few caches');
  for (const number of [1, 2, 3]) {
    await play(laboratory, `random ${number}`, pickDamages(random.whole));
  }
});

test('a sound cache has no findings, with and without a go.sum beside the command', async () => {
  await withCopy('sound copy', async (copy) => {
    const { code, answer } = await program(copy, 'verify');
    assert.deepEqual([code, answer.findings], [0, []]);
    await rm(join(copy.main, 'go.sum'));
    assert.deepEqual((await heal(copy)).damages, []);
  });
});

test('without a go.sum the record of the checksum database says what is broken', async () => {
  await withCopy('no go.sum', async (copy) => {
    await rm(join(copy.main, 'go.sum'));
    const { files } = firstPlace();
    await writeFile(join(copy.cache, `${files}.mod`), 'module graph.test/other\n');
    const { damages } = await verify(copy);
    assert.deepEqual(
      damages.map(({ file }) => file),
      [`${files}.mod`],
    );
  });
});

test('heal --dry-run changes nothing and ends with 1', async () => {
  await withCopy('dry run', async (copy) => {
    await truncate(join(copy.cache, `${firstPlace().files}.zip`), 10);
    const was = await listTree(copy.cache);
    const { code, answer } = await program(copy, 'heal', '--dry-run');
    assert.equal(code, 1);
    assert.deepEqual(
      answer.actions?.map(({ kind, path }) => `${kind} ${path}`),
      [`would-remove ${firstPlace().files}.zip`],
    );
    assert.deepEqual(await listTree(copy.cache), was);
  });
});

test('heal removes nothing through a symbolic link that leads out of the cache', async () => {
  await withCopy('link', async (copy) => {
    const { files, unpacked } = firstPlace();
    const outside = join(copy.main, '..', 'outside');
    const top = unpacked.slice(0, unpacked.indexOf('/'));
    await rename(join(copy.cache, top), outside);
    await symlink(outside, join(copy.cache, top));
    await writeFile(join(copy.cache, `${files}.partial`), '');
    const was = await listTree(outside);
    const { actions } = await heal(copy);
    assert.ok(actions.some(({ kind, path }) => kind === 'left' && path === unpacked));
    assert.deepEqual(await listTree(outside), was);
    assert.ok(await exists(join(copy.cache, `${files}.partial`)));
  });
});

test('what a running go command has locked is left alone', async () => {
  await withCopy('locked', async (copy) => {
    const { files } = firstPlace();
    await truncate(join(copy.cache, `${files}.zip`), 10);
    const holder = spawn('flock', [join(copy.cache, `${files}.lock`), 'sh', '-c', 'echo; cat'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    const { code, stdout } = await program(copy, 'heal');
    assert.equal(code, 1);
    const [{ path, version } = { path: '', version: '' }] = laboratory.modules;
    assert.deepEqual((JSON.parse(stdout) as { busy: string[] }).busy, [`${path}@${version}`]);
    assert.ok(await exists(join(copy.cache, `${files}.zip`)));
    holder.stdin.end();
    await once(holder, 'close');
    await heal(copy);
    assert.ok(!(await exists(join(copy.cache, `${files}.zip`))));
  });
});

test('only the modules that are named are looked at', async () => {
  await withCopy('named', async (copy) => {
    const [first, second] = laboratory.modules;
    assert.ok(first && second);
    await truncate(join(copy.cache, `${placeOf(first).files}.zip`), 10);
    const name = `${second.path}@${second.version}`;
    assert.equal((await program(copy, 'verify', name)).code, 0);
    const whole = await verify(copy, [{ path: first.path, version: undefined }]);
    assert.equal(whole.damages.length, 1);
    const none = await verify(copy, [{ path: 'graph.test/none', version: undefined }]);
    assert.equal(none.versions, 0);
  });
});

test('a cache that is not there is a usage error, and an empty one has nothing to check', async () => {
  const environment = { GOENV: 'off', HOME: folder };
  const absent = await runProgram(
    ['modcache', 'verify', '--modcache', '/does/not/exist'],
    environment,
  );
  assert.equal(absent.code, 2);
  assert.match(absent.stderr, /there is no module cache in "\/does\/not\/exist"/);
  const empty = join(folder, 'empty');
  await mkdir(empty);
  assert.equal(
    (await runProgram(['modcache', 'verify', '--modcache', empty], environment)).code,
    3,
  );
  const wrong = await runProgram(
    ['modcache', 'heal', '--modcache', empty, 'no module'],
    environment,
  );
  assert.equal(wrong.code, 2);
});
