import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../test/support/test-clock.ts';
import type { TestClock } from '../../test/support/test-clock.ts';
import { createAnswerMemory } from './answer-memory.ts';
import { createKnownWhileSilent } from './known-while-silent.ts';
import { createModuleFreshness } from './module-freshness.ts';
import type { ModuleFreshness } from './module-freshness.ts';
import { createMutableAnswers } from './mutable-answers.ts';
import type { MutableAnswer, MutableAnswers } from './mutable-answers.ts';
import type { MutableResource } from './mutable-resource.ts';
import { failed } from './upstream/index.ts';
import type { Accept, WalkAnswer } from './upstream/index.ts';

type Upstream = 'down' | 'silent' | 'refusing' | 'timed-out-404' | readonly string[] | undefined;

interface Stage {
  readonly clock: TestClock;
  readonly mutable: MutableAnswers;
  readonly freshness: ModuleFreshness;
  /** What the upstream says from now on: versions, undefined for absence, or its trouble. */
  upstream: Upstream;
  asked: number;
  /** Versions in the store. */
  stored: readonly string[];
  /** Whether the upstream gives what it has at hand, and how often that was looked at. */
  isAnswering: boolean;
  looked: number;
  /** Keys that are not there although they are asked. */
  lacking: string;
  list(path?: string): Promise<MutableAnswer>;
}

function setUp(): Stage {
  const clock = createTestClock();
  const facts = {
    answerKnown: () => undefined,
    recallAnswer: async () => undefined,
    absencesForgotten: () => undefined,
  };
  const memory = createAnswerMemory({ clock, facts }, { sources: 'one' });

  async function walk<Result>(
    _resource: MutableResource,
    _via: string | undefined,
    _signal: AbortSignal,
    accept: Accept<Result>,
  ): Promise<WalkAnswer<Result>> {
    stage.asked += 1;
    const { upstream } = stage;
    if (upstream === 'silent') await clock.sleep(60_000);
    if (upstream === 'refusing') {
      return {
        outcome: 'failed',
        failures: [
          failed('up', { kind: 'refused', reason: 'answered-403', message: 'up says no' }, 403),
        ],
      };
    }
    if (upstream === 'silent' || upstream === 'down') {
      return {
        outcome: 'failed',
        failures: [failed('up', { kind: 'unavailable', reason: 'silent', message: 'up is gone' })],
      };
    }
    if (upstream === undefined || upstream === 'timed-out-404') {
      const certain = upstream === undefined;
      const absent = { outcome: 'absent', upstream: 'up', status: 404, certain } as const;
      const said = { body: Buffer.from('not found'), contentType: 'text/plain' };
      return { outcome: 'absent', absent: { ...absent, ...said }, failures: [] };
    }
    const text = Buffer.from(upstream.map((version) => `${version}\n`).join(''));
    async function* body(): AsyncGenerator<Buffer> {
      yield text;
    }
    const found = { outcome: 'found', upstream: 'up', length: text.length } as const;
    const result = await accept({
      ...found,
      lastModified: undefined,
      body: body(),
      discard: () => undefined,
    });
    return { outcome: 'found', result: result as Result, failures: [] };
  }

  const mutable = createMutableAnswers({
    clock,
    memory,
    storage: {
      completeVersions: async () => stage.stored,
      has: async (key) => stage.lacking === '' || !key.includes(stage.lacking),
      read: async () => 'absent',
    },
    known: createKnownWhileSilent({
      clock,
      isPrivate: () => false,
      isAnswering: async () => {
        stage.looked += 1;
        return stage.isAnswering;
      },
    }),
    walk,
  });
  const freshness = createModuleFreshness(
    { answers: memory, mutable, upstreams: { isServed: () => true } },
    { offline: false },
  );
  const stage: Stage = {
    clock,
    mutable,
    freshness,
    upstream: ['v1.0.0'],
    asked: 0,
    stored: [],
    isAnswering: true,
    looked: 0,
    lacking: '',
    list: async (path = 'a.test/m') =>
      mutable.answer({ kind: 'list', path, key: `${path}/@v/list` }, 'upstreams', undefined),
  };
  return stage;
}

/** `outcome status body`, or what else it is. */
function show(answer: MutableAnswer): string {
  if (answer.kind !== 'known') return answer.kind;
  const { status, body } = answer.answer;
  return `${answer.outcome} ${status} ${body.toString().trim().replaceAll('\n', ' ')}`;
}

test('a list in use is asked anew before it expires, so that nobody waits', async () => {
  const stage = setUp();
  assert.equal(show(await stage.list()), 'fill 200 v1.0.0');
  await stage.clock.advance(44_000);
  assert.equal(show(await stage.list()), 'hit 200 v1.0.0');
  assert.equal(stage.asked, 1);
  stage.upstream = ['v1.1.0'];
  await stage.clock.advance(2000);
  assert.equal(show(await stage.list()), 'hit 200 v1.0.0');
  await stage.clock.advance(30_000);
  assert.equal(show(await stage.list()), 'hit 200 v1.1.0');
  assert.equal(stage.asked, 2);
});

test('a failed renewal leaves the old list, and a list is stale when nobody can be asked', async () => {
  const stage = setUp();
  await stage.list();
  stage.upstream = 'down';
  await stage.clock.advance(50_000);
  assert.equal(show(await stage.list()), 'hit 200 v1.0.0');
  await stage.clock.advance(20_000);
  stage.stored = ['v1.0.1'];
  assert.equal(show(await stage.list()), 'stale 200 v1.0.0 v1.0.1');
});

test('while upstreams cannot be reached one question in five seconds is asked, for all lists', async () => {
  const stage = setUp();
  stage.upstream = 'down';
  stage.stored = ['v1.2.0'];
  const answers = await Promise.all(['a.test/1', 'a.test/2'].map(async (path) => stage.list(path)));
  assert.deepEqual(answers.map(show), ['stale 200 v1.2.0', 'stale 200 v1.2.0']);
  const { asked } = stage;
  for (let number = 3; number < 50; number += 1) await stage.list(`a.test/${number}`);
  assert.equal(stage.asked, asked);
  await stage.clock.advance(5000);
  stage.upstream = ['v1.3.0'];
  assert.equal(show(await stage.list('a.test/50')), 'stale 200 v1.2.0');
  await stage.clock.advance(0);
  assert.equal(show(await stage.list('a.test/51')), 'fill 200 v1.3.0 v1.2.0');
});

test('modules that an upstream refuses say nothing about the others', async () => {
  const stage = setUp();
  stage.upstream = 'refusing';
  for (let number = 1; number < 10; number += 1) {
    assert.equal(show(await stage.list(`a.test/${number}`)), 'failed');
  }
  stage.upstream = ['v1.1.0'];
  stage.stored = ['v1.0.0'];
  assert.match(show(await stage.list('a.test/allowed')), /^fill 200 /u);
});

test('who knows an older list waits three seconds for a silent upstream', async () => {
  const stage = setUp();
  await stage.list();
  await stage.clock.advance(61_000);
  stage.upstream = 'silent';
  const waiting = stage.list();
  await stage.clock.advance(2999);
  assert.equal(await Promise.race([waiting.then(show), Promise.resolve('waits')]), 'waits');
  await stage.clock.advance(1);
  assert.equal(show(await waiting), 'stale 200 v1.0.0');
});

test('an older absence is given after as long as an older list, but not while somebody may be looking', async () => {
  const stage = setUp();
  stage.upstream = undefined;
  await stage.list();
  await stage.clock.advance(61_000);
  stage.upstream = 'silent';
  const looking = stage.list();
  await stage.clock.advance(59_999);
  assert.equal(await Promise.race([looking.then(show), Promise.resolve('waits')]), 'waits');
  await stage.clock.advance(1);
  assert.equal(show(await looking), 'stale 404 not found');
  assert.equal(stage.looked, 1);
  await stage.clock.advance(6000);
  stage.upstream = undefined;
  await stage.list();
  await stage.clock.advance(0);
  await stage.clock.advance(61_000);
  stage.upstream = 'silent';
  stage.isAnswering = false;
  const dead = stage.list();
  await stage.clock.advance(2999);
  assert.equal(await Promise.race([dead.then(show), Promise.resolve('waits')]), 'waits');
  await stage.clock.advance(1);
  assert.equal(show(await dead), 'stale 404 not found');
});

test('when nobody may be asked a branch stands for nothing that is not stored', async () => {
  const stage = setUp();
  const main = { kind: 'query', path: 'a.test/m', key: 'a.test/m/@v/main.info' } as const;
  const ask = async (reach: 'upstreams' | 'offline'): Promise<MutableAnswer> =>
    stage.mutable.answer(main, reach, undefined);
  stage.upstream = ['{"Version":"v1.1.0"}'];
  await ask('upstreams');
  assert.match(show(await ask('offline')), /^stale 200 .*v1\.1\.0/u);
  stage.lacking = 'v1.1.0.zip';
  stage.stored = ['v1.0.0', 'v1.0.1'];
  const told = { named: 'v1.1.0', stored: ['v1.0.1', 'v1.0.0'] };
  assert.deepEqual(await ask('offline'), { kind: 'not-cached', told });
});

test('a 404 that hides a timeout is passed on, never remembered, and weighs less than an older list', async () => {
  const stage = setUp();
  await stage.list();
  await stage.clock.advance(61_000);
  stage.upstream = 'timed-out-404';
  assert.equal(show(await stage.list()), 'stale 200 v1.0.0');
  const other = await stage.list('a.test/other');
  assert.equal(show(other), 'fill 404 not found');
  assert.equal(other.kind === 'known' && other.certain, false);
  stage.upstream = ['v2.0.0'];
  assert.equal(show(await stage.list('a.test/other')), 'fill 200 v2.0.0');
});

test('a definite absence is remembered for a minute, or until it is forgotten', async () => {
  const stage = setUp();
  stage.upstream = undefined;
  assert.equal(show(await stage.list()), 'fill 404 not found');
  stage.upstream = ['v1.0.0'];
  assert.equal(show(await stage.list()), 'hit 404 not found');
  assert.equal(stage.freshness.forget('a.test'), 1);
  assert.equal(show(await stage.list()), 'fill 200 v1.0.0');
  assert.equal(stage.freshness.forget('no module'), undefined);
});

test('a refresh asks at once and tells what became of it', async () => {
  const stage = setUp();
  await stage.list();
  stage.upstream = undefined;
  const report = await stage.freshness.refresh('a.test/m');
  assert.deepEqual(report, {
    kind: 'refreshed',
    forgotten: 1,
    resources: [
      { resource: 'list', outcome: 'absent', cause: undefined },
      { resource: 'latest', outcome: 'absent', cause: undefined },
    ],
  });
  stage.upstream = 'down';
  const failing = await stage.freshness.refresh('a.test/other');
  assert.deepEqual(failing.kind === 'refreshed' && failing.resources[0], {
    resource: 'list',
    outcome: 'failed',
    cause: 'up is gone',
  });
  assert.equal((await stage.freshness.refresh('no module')).kind, 'refused');
});
