import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProgramError } from '../platform/index.ts';
import type { ErrorKind } from '../platform/index.ts';
import type { StoreCare } from '../proxy/index.ts';
import type { ApiRoute } from './api/index.ts';
import { storeRoutes } from './store-routes.ts';
import type { StoreTask } from './store-results.ts';

type Answer = Awaited<ReturnType<ApiRoute['answer']>>;

const TASK: StoreTask = {
  id: 'a1',
  kind: 'verify',
  state: 'running',
  started: '2026-01-01T00:00:00Z',
  versions: 0,
  bytes: 0,
};

function setUp(care: Partial<StoreCare>, begun: StoreTask | 'busy' = TASK) {
  const refuse = async (): Promise<never> => assert.fail('nobody asks for it');
  const others = { stats: refuse, verify: refuse, collectGarbage: refuse };
  const begins: unknown[] = [];
  const routes = storeRoutes({
    store: () => ({ ...others, purge: refuse, refresh: refuse, ...care }),
    tasks: {
      begin(kind, dryRun) {
        begins.push([kind, dryRun]);
        return begun === 'busy' ? undefined : begun;
      },
      find: (id) => ((id === undefined || id === TASK.id) && begun !== 'busy' ? begun : undefined),
    },
  });
  return {
    begins,
    async ask(path: string, body?: unknown, query: Record<string, string> = {}): Promise<Answer> {
      const route = routes.find((one) => one.path === `/store/${path}`);
      return route?.answer({ query, body }) ?? assert.fail(path);
    },
  };
}

function statusOf(answer: Answer): number {
  return answer.kind === 'problem' ? answer.status : 200;
}

test('verify and gc begin a task, one at a time, that can be asked about', async () => {
  const { ask, begins } = setUp({});
  assert.deepEqual(await ask('verify', {}), { kind: 'result', result: TASK });
  await ask('gc', { dryRun: true });
  assert.deepEqual(begins, [
    ['verify', false],
    ['gc', true],
  ]);
  assert.equal(statusOf(await ask('gc', { dry_run: true })), 400);
  assert.equal(statusOf(await ask('task', undefined, { id: 'a1' })), 200);
  assert.equal(statusOf(await ask('task', undefined, { id: 'b2' })), 404);
  const busy = setUp({}, 'busy');
  assert.equal(statusOf(await busy.ask('verify', {})), 409);
  assert.equal(statusOf(await busy.ask('task')), 404);
});

test('a purge needs a path and a reason, and what the store refuses keeps its sort', async () => {
  const failing = (kind: ErrorKind): ReturnType<typeof setUp> =>
    setUp({
      purge: async () => Promise.reject(new ProgramError({ code: 'x', kind, message: 'no' })),
    });
  const wish = { path: 'm.test/x', reason: 'why' };
  for (const [kind, status] of [
    ['bad-input', 400],
    ['not-found', 404],
    ['conflict', 409],
    ['full', 503],
  ] as const) {
    assert.equal(statusOf(await failing(kind).ask('purge', wish)), status);
  }
  await assert.rejects(failing('bug').ask('purge', wish));
  for (const body of [
    {},
    { path: 'm.test/x' },
    { ...wish, reason: '' },
    { ...wish, mode: 'all' },
  ]) {
    assert.equal(statusOf(await failing('bug').ask('purge', body)), 400);
  }
});

test('a refresh that is refused says whether it was the path or the settings', async () => {
  const refusing = (reason: 'malformed' | 'unasked'): ReturnType<typeof setUp> =>
    setUp({ refresh: async () => ({ kind: 'refused', reason, problem: 'no' }) });
  assert.equal(statusOf(await refusing('malformed').ask('refresh', { path: 'X' })), 400);
  assert.equal(statusOf(await refusing('unasked').ask('refresh', { path: 'm.test/x' })), 409);
});
