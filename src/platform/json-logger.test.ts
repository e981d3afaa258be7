import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { ProgramError } from './errors.ts';
import { createLogger } from './json-logger.ts';
import type { ClosableLogger, LogLevel } from './logger.ts';
import { loggerContract } from './logger.contract.ts';
import { createQuietLogger } from './quiet-logger.ts';
import { createSystemClock } from './system-clock.ts';

async function loggerInto(
  context: TestContext,
  level: LogLevel,
): Promise<{ logger: ClosableLogger; written: () => Promise<string> }> {
  const file = join(await temporaryFolder(context), 'log');
  const descriptor = openSync(file, 'a');
  const logger = createLogger({ clock: createSystemClock() }, { level, descriptor });
  context.after(async () => {
    await logger.close();
    closeSync(descriptor);
  });
  async function written(): Promise<string> {
    await logger.flush();
    return readFile(file, 'utf8');
  }
  return { logger, written };
}

loggerContract('createLogger()', (context) => loggerInto(context, 'debug'));
loggerContract('createQuietLogger()', async () => ({
  logger: createQuietLogger(),
  written: async () => '',
}));

test('createLogger() writes one JSON object a line, from its level on', async (context) => {
  const { logger, written } = await loggerInto(context, 'info');
  logger.debug('not this');
  logger.child({ part: 'proxy' }).warn('an upstream failed', { status: 502, level: 3 });
  logger.info('ready');
  const lines = (await written()).trimEnd().split('\n');
  const [first, second] = lines.map((line): unknown => JSON.parse(line));
  assert.equal(lines.length, 2);
  assert.ok(typeof first === 'object' && first !== null && 'time' in first);
  assert.match(String(first.time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual(
    { ...first, time: 'T' },
    {
      level: 'warn',
      time: 'T',
      part: 'proxy',
      status: 502,
      level_: 3,
      message: 'an upstream failed',
    },
  );
  assert.match(JSON.stringify(second), /"level":"info".*"message":"ready"/);
});

test('createLogger() gives errors with code and causes, and a stack only for what is our bug', async (context) => {
  const { logger, written } = await loggerInto(context, 'info');
  const expected = new ProgramError({
    code: 'disk-full',
    kind: 'full',
    message: 'cannot write "a"',
    cause: Object.assign(new Error('ENOSPC'), { stack: undefined }),
    details: { path: 'a', token: 'hunter2' },
  });
  logger.error('stored nothing', { error: expected });
  logger.error('failed', { error: new TypeError('x is not a function') });
  const [known, bug] = (await written()).split('\n');
  assert.match(known ?? '', /"code":"disk-full","kind":"full","message":"cannot write/);
  assert.match(known ?? '', /"cause":\{"type":"Error","message":"ENOSPC"/);
  assert.match(known ?? '', /"path":"a","token":"\[hidden\]"/);
  assert.doesNotMatch(known ?? '', /json-logger\.test/);
  assert.match(bug ?? '', /"type":"TypeError".*json-logger\.test/);
});

test('createLogger() bounds what one line may hold', async (context) => {
  const { logger, written } = await loggerInto(context, 'info');
  logger.info('wide', {
    text: 'x'.repeat(1_000_000),
    list: Array.from({ length: 100_000 }, () => 'y'),
  });
  assert.ok((await written()).length < 10_000);
});

test('createLogger() neither waits nor grows when nobody reads standard error', async (context) => {
  const door = JSON.stringify(new URL('./adapters.ts', import.meta.url).href);
  const script = `
    const { createLogger, createSystemClock } = await import(${door});
    const logger = createLogger({ clock: createSystemClock() }, { level: 'info' });
    let longest = 0;
    let before = performance.now();
    for (let round = 0; round < 100; round += 1) {
      for (let line = 0; line < 200; line += 1) logger.info('line', { filler: 'x'.repeat(1000) });
      await new Promise((resolve) => setImmediate(resolve));
      longest = Math.max(longest, performance.now() - before);
      before = performance.now();
    }
    console.log(JSON.stringify({ longest, heap: process.memoryUsage().heapUsed / 2 ** 20 }));
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  context.after(() => child.kill('SIGKILL'));
  child.stderr.pause();
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(child.stdout, 'end');
  const { longest, heap } = JSON.parse(output) as { longest: number; heap: number };
  assert.ok(longest < 500, `one turn took ${longest} ms`);
  assert.ok(heap < 60, `the heap grew to ${heap} MB`);
});
