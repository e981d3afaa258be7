import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../../test/support/test-clock.ts';
import { createTestMeter } from '../../../test/support/test-meter.ts';
import { createDiskFiles, createQuietLogger } from '../../platform/adapters.ts';
import type { HttpClient } from '../../platform/http/index.ts';
import { HEALTH_SETTINGS, createHealthRegister } from '../health/index.ts';
import { WALK_LIMITS } from '../proxy-limits.ts';
import type { Begun, UpstreamAnswer } from './answer.ts';
import { askUpstream } from './ask-upstream.ts';

const KEPT = 'the start, ';
const BEGUN: Begun = {
  validator: '"one"',
  position: KEPT.length,
  length: KEPT.length + 8,
  async *read() {
    yield Buffer.from(KEPT);
  },
};
const RANGE = `bytes ${KEPT.length}-${KEPT.length + 7}/${KEPT.length + 8}`;
const NAME = 'http://a.test';

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What was asked, as range and condition, and what came of it. */
async function ask(
  replies: readonly Reply[],
  begun: (upstream: string) => Begun | undefined = (upstream) =>
    upstream === NAME ? BEGUN : undefined,
): Promise<{ readonly asked: readonly string[]; readonly answer: UpstreamAnswer }> {
  const asked: string[] = [];
  const http: HttpClient = {
    request: async ({ headers }) => {
      const { status, headers: sent = {} } = replies[asked.length] ?? { status: 500 };
      asked.push(`${headers?.['range'] ?? 'all'} ${headers?.['if-range'] ?? ''}`.trimEnd());
      async function* body(): AsyncGenerator<Buffer> {
        yield Buffer.from('the rest');
      }
      const discard = (): void => undefined;
      return { status, headers: sent, finalUrl: '', body: body(), encoded: false, discard };
    },
    close: async () => undefined,
  };
  const clock = createTestClock();
  const random = { fraction: () => 0.5, bytes: (count: number) => Buffer.alloc(count) };
  const watching = { clock, random, meter: createTestMeter(), logger: createQuietLogger() };
  const health = createHealthRegister(watching, HEALTH_SETTINGS);
  const answer = await askUpstream(
    { http, clock, random, health, files: createDiskFiles(), count: () => undefined },
    { ...WALK_LIMITS, via: '1.1 us' },
    { kind: 'http', base: NAME, name: NAME, fallBackOnError: false },
    {
      key: 'm.test/x/@v/v1.0.0.zip',
      signal: new AbortController().signal,
      via: undefined,
      begun,
    },
  );
  return { asked, answer };
}

const WISH = `bytes=${KEPT.length}- "one"`;

test('what an upstream sent before is not asked of it again', async () => {
  const headers = { 'content-range': RANGE, 'last-modified': 'then' };
  const { asked, answer } = await ask([{ status: 206, headers }]);
  assert.deepEqual(asked, [WISH]);
  assert.ok(answer.outcome === 'found');
  assert.deepEqual(
    [answer.begun, answer.length, answer.lastModified, answer.resume?.validator],
    [BEGUN, BEGUN.length, 'then', '"one"'],
  );
});

test('a body from its start, and any other answer, is taken as it is', async () => {
  const whole = await ask([{ status: 200, headers: { etag: '"two"' } }]);
  assert.deepEqual(whole.asked, [WISH]);
  assert.ok(whole.answer.outcome === 'found');
  assert.deepEqual([whole.answer.begun, whole.answer.resume?.validator], [undefined, '"two"']);
  const absent = await ask([{ status: 404 }]);
  assert.deepEqual([absent.asked, absent.answer.outcome], [[WISH], 'absent']);
  const failed = await ask([{ status: 503 }]);
  assert.deepEqual([failed.asked, failed.answer.outcome], [[WISH], 'failed']);
});

test('a range that does not fit leads to a question without one', async () => {
  const misfits: readonly Reply[] = [
    { status: 416 },
    { status: 206 },
    { status: 206, headers: { 'content-range': RANGE, etag: '"two"' } },
    { status: 206, headers: { 'content-range': `bytes 0-7/${BEGUN.length}` } },
    { status: 206, headers: { 'content-range': RANGE.replace(/\d+$/u, '99') } },
  ];
  for (const misfit of misfits) {
    const { asked, answer } = await ask([misfit, { status: 200 }]);
    assert.deepEqual(asked, [WISH, 'all']);
    assert.ok(answer.outcome === 'found' && answer.begun === undefined);
  }
});

test('another upstream is asked for everything', async () => {
  const { asked } = await ask([{ status: 200 }], () => undefined);
  assert.deepEqual(asked, ['all']);
});
