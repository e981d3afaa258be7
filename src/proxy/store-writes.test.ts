import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../test/support/test-clock.ts';
import type { TestClock } from '../../test/support/test-clock.ts';
import { createTestMeter } from '../../test/support/test-meter.ts';
import type { Logger } from '../platform/index.ts';
import { createRareWarning } from './rare-warning.ts';
import { createStoreWrites } from './store-writes.ts';
import type { StoreWrites } from './store-writes.ts';

const FULL = new Error('cannot write "/store/x"', {
  cause: new Error('ENOSPC: no space left on device, write'),
});

interface Stage {
  readonly writes: StoreWrites;
  readonly clock: TestClock;
  readonly lines: string[];
  readonly writable: () => number;
}

function listen(lines: string[]): Logger {
  const add =
    (level: string): Logger['info'] =>
    (message, data) => {
      lines.push(`${level}: ${message} ${JSON.stringify(data)}`);
    };
  const logger: Logger = {
    debug: () => undefined,
    info: add('info'),
    warn: add('warn'),
    error: add('error'),
    child: () => logger,
  };
  return logger;
}

function stage(problem?: string): Stage {
  const clock = createTestClock();
  const meter = createTestMeter();
  const lines: string[] = [];
  const needs = { clock, meter, logger: listen(lines), changed: () => undefined };
  const writes = createStoreWrites(needs, { storeProblem: problem });
  const writable = (): number => meter.value('cofferdam_store_writable') ?? Number.NaN;
  return { writes, clock, lines, writable };
}

test('a full disk is told once with its cause, counted now and then, and told again when it is over', async () => {
  const { writes, clock, lines, writable } = stage();
  assert.equal(writable(), 1);
  for (let index = 0; index < 500; index += 1) writes.failed(`m.test/a${index}`, FULL);
  assert.equal(writable(), 0);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /^warn: .*ENOSPC: no space left on device/u);
  await clock.advance(5 * 60_000);
  assert.match(lines[1] ?? '', /"artifacts":500,.*ENOSPC/u);
  await clock.advance(60 * 60_000);
  assert.equal(lines.length, 2);
  writes.worked();
  writes.worked();
  assert.deepEqual(lines.slice(2), ['info: the store takes what is fetched again {"missed":500}']);
  assert.deepEqual([writable(), writes.problem()], [1, undefined]);
});

test('a store that could not be written at the start is known as such from the start', () => {
  const { writes, lines, writable } = stage('it is read-only');
  assert.deepEqual([writable(), writes.problem()], [0, 'it is read-only']);
  writes.failed('m.test/a', FULL);
  assert.deepEqual(lines, []);
  writes.close();
});

test('createRareWarning() writes one line a minute, with the cause and how many it left out', async () => {
  const clock = createTestClock();
  const lines: string[] = [];
  const warn = createRareWarning({ clock, logger: listen(lines) }, 'not written');
  for (let index = 0; index < 100; index += 1) warn(FULL, { index });
  await clock.advance(60_000);
  warn(FULL);
  assert.equal(lines.length, 2);
  assert.match(lines[0] ?? '', /"index":0,.*ENOSPC/u);
  assert.match(lines[1] ?? '', /"leftOut":99/u);
});
