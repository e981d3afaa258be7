import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../test/support/test-clock.ts';
import type { WaitingRequest } from './engine.ts';
import { openRunLimits } from './run-limits.ts';
import { watchStalls } from './stall-watch.ts';

const A = 'https://a.example/x/@v/v1.0.0.zip';
const B = 'https://b.example/y/@v/v1.0.0.zip';

interface Watched {
  readonly clock: ReturnType<typeof createTestClock>;
  readonly told: string[];
  readonly givenUp: string[];
  /** Since when each is silent. */
  readonly since: Map<string, number>;
  close(): void;
}

function watch(noticeMilliseconds: number, limitMilliseconds?: number): Watched {
  const clock = createTestClock();
  const told: string[] = [];
  const givenUp: string[] = [];
  const since = new Map<string, number>();
  function waiting(): readonly WaitingRequest[] {
    const now = clock.monotonicMilliseconds();
    return [...since]
      .map(([url, from]) => ({ url, silentMilliseconds: now - from }))
      .toSorted((one, other) => other.silentMilliseconds - one.silentMilliseconds);
  }
  const { close } = watchStalls(
    {
      clock,
      waiting,
      tell: (worst, others) => {
        told.push(`${clock.monotonicMilliseconds()} ${worst.url} ${others}`);
      },
      giveUp: (worst) => givenUp.push(`${clock.monotonicMilliseconds()} ${worst.url}`),
    },
    { noticeMilliseconds, limitMilliseconds },
  );
  return { clock, told, givenUp, since, close };
}

test('a silent upstream is told once, and again when its silence has doubled', async () => {
  const { clock, told, since, close } = watch(5000);
  since.set(A, 0);
  await clock.advance(30_000);
  assert.deepEqual(told, [`5000 ${A} 0`, `10000 ${A} 0`, `20000 ${A} 0`]);
  close();
  assert.equal(clock.pending(), 0);
});

test('several that hang are told together, and one that goes on is new when it hangs again', async () => {
  const { clock, told, since, close } = watch(5000);
  since.set(A, 0);
  since.set(B, 0);
  await clock.advance(6000);
  assert.deepEqual(told, [`5000 ${A} 1`]);
  since.set(A, 6000);
  since.delete(B);
  await clock.advance(5500);
  assert.deepEqual(told.at(-1), `11000 ${A} 0`);
  close();
});

test('the limit ends it at its time, and nothing is told after it', async () => {
  const { clock, told, givenUp, since } = watch(20_000, 7300);
  await clock.advance(2000);
  since.set(A, 2000);
  await clock.advance(60_000);
  assert.deepEqual(told, []);
  assert.equal(givenUp.length, 1);
  const at = Number.parseInt(givenUp[0] ?? '', 10);
  assert.ok(at >= 9300 && at < 10_300, String(at));
  assert.equal(clock.pending(), 0);
});

test('a time limit names what was waited for at that moment, and the first limit counts', async () => {
  const clock = createTestClock();
  const limits = openRunLimits(clock, 4000, () => [{ url: A, silentMilliseconds: 3000 }]);
  await clock.advance(4000);
  assert.equal(limits.signal.aborted, true);
  limits.pass({ flag: '--stall-timeout', milliseconds: 1, waiting: undefined });
  assert.equal(limits.passed?.flag, '--timeout');
  assert.equal(limits.passed?.waiting?.url, A);
});

test('what began a moment before the end explains nothing', async () => {
  const clock = createTestClock();
  const limits = openRunLimits(clock, 4000, () => [{ url: A, silentMilliseconds: 300 }]);
  await clock.advance(4000);
  assert.equal(limits.passed?.waiting, undefined);
});
