import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../../test/support/test-clock.ts';
import type { TestClock } from '../../../test/support/test-clock.ts';
import { createQuietLogger } from '../../platform/adapters.ts';
import type { Meter } from '../../platform/index.ts';
import type { Guess } from './guess.ts';
import { createLookAhead } from './look-ahead.ts';
import type { FetchedAhead, LookAhead } from './look-ahead.ts';

const WINDOW = { first: 4, most: 8 };
const WINDOWS = {
  mod: WINDOW,
  prunedMod: WINDOW,
  info: WINDOW,
  zip: WINDOW,
  importedZip: WINDOW,
  known: { mod: 4, info: 4, zip: 4 },
};

interface Stage {
  readonly clock: TestClock;
  readonly ahead: LookAhead;
  /** Keys of what was fetched, in order. */
  readonly fetched: string[];
  /** Counts by `kind outcome`. */
  readonly counts: Map<string, number>;
  hasRoom: boolean;
  outcome: FetchedAhead['outcome'];
  abandoned: number;
}

function setUp(): Stage {
  const counts = new Map<string, number>();
  const meter: Meter = {
    counter: () => ({
      with: (...labels) => ({
        add: (amount = 1) => {
          const name = labels.join(' ');
          counts.set(name, (counts.get(name) ?? 0) + amount);
        },
      }),
    }),
    gauge: () => ({ with: () => ({ set: () => undefined, add: () => undefined }) }),
    observe: () => undefined,
    histogram: () => ({ with: () => ({ record: () => undefined }) }),
  };
  const clock = createTestClock();
  const fetched: string[] = [];
  async function fetch(guess: Guess): Promise<FetchedAhead> {
    fetched.push(guess.key);
    return stage.outcome === 'fetched'
      ? { outcome: 'fetched', bytes: 100, body: undefined }
      : { outcome: stage.outcome };
  }
  const ahead = createLookAhead(
    {
      clock,
      logger: createQuietLogger(),
      meter,
      isAllowed: (path) => !path.startsWith('corp.'),
      hasRoom: () => stage.hasRoom,
      fetch,
      abandon: () => {
        stage.abandoned += 1;
      },
    },
    {
      windows: WINDOWS,
      expectedWindows: WINDOWS,
      simultaneous: 2,
      maximumBytes: 1000,
      patienceMilliseconds: 30_000,
      silenceMilliseconds: 30_000,
      maximumClients: 4,
    },
  );
  const stage: Stage = {
    clock,
    ahead,
    fetched,
    counts,
    hasRoom: true,
    outcome: 'fetched',
    abandoned: 0,
  };
  return stage;
}

function ask(stage: Stage, key: string, missed: boolean): void {
  const [path = '', file = ''] = key.split('/@v/');
  const kind = file.endsWith('.mod') ? 'mod' : file.endsWith('.zip') ? 'zip' : 'info';
  stage.ahead.asked({ key, kind, path, version: 'v1.0.0' }, '127.0.0.1', missed);
}

function arrive(stage: Stage, requires: readonly string[]): void {
  const lines = requires.map((path) => `require ${path} v1.0.0\n`).join('');
  const file = { key: 'a.test/top/@v/v1.0.0.mod', kind: 'mod', path: 'a.test/top' } as const;
  const text = `module a.test/top\ngo 1.16\n${lines}`;
  stage.ahead.arrived({ ...file, version: 'v1.0.0' }, Buffer.from(text), '127.0.0.1');
}

function mods(...names: readonly string[]): string[] {
  return names.map((name) => `a.test/${name}/@v/v1.0.0.mod`);
}

const SIX = ['a.test/1', 'a.test/2', 'a.test/3', 'a.test/4', 'a.test/5', 'a.test/6'];

test('guesses are fetched as far as the window goes, and what is asked moves it on', async (context) => {
  const stage = setUp();
  context.after(stage.ahead.close);
  arrive(stage, SIX);
  await stage.clock.advance(1);
  assert.deepEqual(stage.fetched, mods('1', '2', '3', '4'));
  ask(stage, 'a.test/1/@v/v1.0.0.mod', false);
  await stage.clock.advance(1);
  assert.deepEqual(stage.fetched, mods('1', '2', '3', '4', '5', '6'));
  assert.equal(stage.counts.get('mod useful'), 1);
});

test('what nobody asks for is counted as wasted, and less is fetched from then on', async (context) => {
  const stage = setUp();
  context.after(stage.ahead.close);
  arrive(stage, SIX);
  await stage.clock.advance(61_000);
  assert.equal(stage.counts.get('mod wasted'), 4);
  arrive(stage, ['a.test/7', 'a.test/8', 'a.test/9']);
  await stage.clock.advance(1);
  assert.equal(stage.fetched.length, 6);
});

test('nothing is fetched of a path that no upstream may hear of, nor while clients need the room', async (context) => {
  const stage = setUp();
  context.after(stage.ahead.close);
  stage.hasRoom = false;
  arrive(stage, ['corp.test/x', 'a.test/1']);
  await stage.clock.advance(1);
  assert.deepEqual(stage.fetched, []);
  stage.hasRoom = true;
  ask(stage, 'a.test/other/@v/v1.0.0.mod', true);
  await stage.clock.advance(1);
  assert.deepEqual(stage.fetched, mods('1'));
});

test('a failure is counted and nobody is told', async (context) => {
  const stage = setUp();
  context.after(stage.ahead.close);
  stage.outcome = 'failed';
  arrive(stage, ['a.test/1']);
  await stage.clock.advance(1);
  assert.equal(stage.counts.get('mod failed'), 1);
  await stage.clock.advance(61_000);
  assert.equal(stage.counts.get('mod wasted'), undefined);
});

test('what runs is broken off when the event loop is far behind, and counted as cancelled', async (context) => {
  const stage = setUp();
  context.after(stage.ahead.close);
  stage.outcome = 'cancelled';
  arrive(stage, ['a.test/1']);
  await stage.clock.advance(40);
  assert.equal(stage.abandoned, 0);
  stage.clock.freeze(300);
  await stage.clock.advance(20);
  assert.equal(stage.abandoned, 1);
  assert.equal(stage.counts.get('mod cancelled'), 1);
});

test('where nothing is missing nothing is fetched ahead', async (context) => {
  const stage = setUp();
  context.after(stage.ahead.close);
  ask(stage, 'a.test/1/@v/v1.0.0.mod', false);
  ask(stage, 'a.test/1/@v/v1.0.0.info', false);
  await stage.clock.advance(1);
  assert.deepEqual(stage.fetched, []);
});
