import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createDiskFiles } from '../../platform/adapters.ts';
import type { Files } from '../../platform/index.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { openLogFile } from './log-file.ts';
import type { LogFile } from './log-file.ts';
import { createMasker } from './masker.ts';

async function open(
  context: TestContext,
  limitBytes: number,
  files: Pick<Files, 'create' | 'remove'> = createDiskFiles(),
): Promise<{ readonly log: LogFile; readonly path: string; read(): Promise<Buffer> }> {
  const path = join(await temporaryFolder(context), 'output.log');
  const masker = createMasker({ DEPLOY_TOKEN: 'hunter2-hunter2' });
  const log = await openLogFile({ files, masker }, { path, limitBytes });
  return { log, path, read: () => readFile(path) };
}

test('the copy is byte for byte what was written, but for secrets', async (context) => {
  const { log, read } = await open(context, 100_000);
  const bytes = Buffer.from([0, 0xff, 0x1b, 0x5b, 0x33, 0x0d, 0x0a, 0xc3, 0xa4, 0x0a]);
  log.write('stdout', bytes);
  log.write('stderr', Buffer.from('a hunter2-hunter2 b\nhttps://me:pw@h.example/\nno end'));
  assert.equal(await log.end(), undefined);
  const rest = Buffer.from('a [hidden] b\nhttps://[hidden]@h.example/\nno end');
  assert.deepEqual(await read(), Buffer.concat([bytes, rest]));
});

test('a secret that comes in two pieces is hidden, and lines of both streams stay whole', async (context) => {
  const { log, read } = await open(context, 100_000);
  log.write('stderr', Buffer.from('go: hunter2-'));
  log.write('stdout', Buffer.from('ok\n'));
  log.write('stderr', Buffer.from('hunter2 failed\n'));
  await log.end();
  assert.equal((await read()).toString(), 'ok\ngo: [hidden] failed\n');
});

test('a secret in a line of many megabytes is hidden', async (context) => {
  const { log, read } = await open(context, 10_000_000);
  const word = 'abcdefg ';
  for (let count = 0; count < 40; count += 1) {
    log.write('stdout', Buffer.from(word.repeat(7_001) + 'hunter2-'));
    log.write('stdout', Buffer.from('hunter2'));
  }
  await log.end();
  const text = (await read()).toString();
  assert.doesNotMatch(text, /hunter2/);
  assert.equal(text.match(/\[hidden\]/g)?.length, 40);
});

test('a copy that reaches its limit has the beginning and the end, and says what is missing', async (context) => {
  const { log, read } = await open(context, 20_000);
  for (let count = 0; count < 5_000; count += 1) {
    log.write('stdout', Buffer.from(`line ${count}\n`));
    // As when a command writes slower than a disk.
    if (count % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await log.end();
  const text = (await read()).toString();
  assert.ok(text.length <= 20_000);
  assert.ok(text.length > 10_000);
  assert.match(text, /^line 0\nline 1\n/);
  assert.match(text, /\nline 4998\nline 4999\n$/);
  const left = Number(/about (\d+) bytes are left out/.exec(text)?.[1]);
  assert.ok(Math.abs(left + text.length - 48_890) < 2_000, String(left));
});

test('a flood that nobody waits for keeps its beginning and its end in bounded memory', async (context) => {
  const { log, read } = await open(context, 50_000);
  log.write('stdout', Buffer.from('first\n'));
  for (let count = 0; count < 200; count += 1) {
    log.write('stdout', Buffer.from('x'.repeat(99).concat('\n').repeat(100)));
  }
  log.write('stderr', Buffer.from('last\n'));
  await log.end();
  const text = (await read()).toString();
  assert.ok(text.length <= 50_000);
  assert.match(text, /^first\n/);
  assert.match(text, /\nlast\n$/);
});

test('an older file gives way, and a disk that is full is told at the end', async (context) => {
  const path = join(await temporaryFolder(context), 'output.log');
  await writeFile(path, 'older');
  const masker = createMasker({});
  const disk = createDiskFiles();
  const full = new Error('full');
  const files = {
    remove: disk.remove,
    create: async (name: string) => ({
      ...(await disk.create(name)),
      write: async () => {
        throw full;
      },
    }),
  };
  const log = await openLogFile({ files, masker }, { path, limitBytes: 1000 });
  log.write('stdout', Buffer.from('a\n'));
  await new Promise((resolve) => setImmediate(resolve));
  log.write('stdout', Buffer.from('b\n'));
  assert.equal(await log.end(), full);
  assert.equal(await readFile(path, 'utf8'), '');
});
