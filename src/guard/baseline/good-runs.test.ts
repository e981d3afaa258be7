import assert from 'node:assert/strict';
import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDiskFiles } from '../../platform/adapters.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { GoodRun } from './good-run.ts';
import { createGoodRuns } from './good-runs.ts';

function good(key: string, time: number): GoodRun {
  return {
    time,
    key,
    isCold: true,
    modulesDigest: 'sum',
    stages: { command: 5 },
    bytes: 1,
    modules: 1,
    progress: [[1, 1]],
    inputs: { a: 'b' },
  };
}

test('the runs of one key come back, the newest first', async (context) => {
  const path = join(await temporaryFolder(context), 'deep', 'runs.jsonl');
  const history = createGoodRuns(createDiskFiles(), path);
  assert.deepEqual(await history.read('a'), []);
  for (const [key, time] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
  ] as const) {
    await history.add(good(key, time));
  }
  assert.deepEqual(await history.read('a'), [good('a', 3), good('a', 1)]);
});

test('lines that are none, and one that was cut off, are passed over', async (context) => {
  const path = join(await temporaryFolder(context), 'runs.jsonl');
  const history = createGoodRuns(createDiskFiles(), path);
  await writeFile(
    path,
    `no\n{"time":-1}\n[]\n{"time":1,"key":"a"}\n${JSON.stringify(good('a', 7)).slice(0, 40)}`,
  );
  await history.add(good('a', 1));
  await appendFile(path, 'garbage');
  await history.add(good('a', 2));
  assert.deepEqual(
    (await history.read('a')).map(({ time }) => time),
    [2, 1],
  );
});

test('the file stays bounded, with the newest runs of each job', async (context) => {
  const path = join(await temporaryFolder(context), 'runs.jsonl');
  const line = (run: GoodRun): string => `${JSON.stringify(run)}\n`;
  const many = Array.from({ length: 9000 }, (_, index) =>
    good(index % 70 === 0 ? 'b' : 'a', index),
  );
  await writeFile(path, many.map(line).join(''));
  const history = createGoodRuns(createDiskFiles(), path);
  await history.add(good('a', 9999));
  assert.ok((await stat(path)).size < 1024 * 1024);
  const times = (await history.read('a')).map(({ time }) => time);
  assert.equal(times.length, 30);
  assert.deepEqual(times.slice(0, 2), [9999, 8999]);
  assert.equal((await history.read('b')).length, 30);
  assert.match(await readFile(path, 'utf8'), /"time":9999,.*\n$/);
});
