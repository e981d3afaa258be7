import type { Clock } from '../../src/platform/index.ts';
import { createDeadline, sleepUntilTimer } from '../../src/platform/adapters.ts';

/** A clock that stands still until the test moves it. */
export interface TestClock extends Clock {
  /** Runs what falls due, in order, and lets awaiting code go on after each step. */
  advance(milliseconds: number): Promise<void>;
  /** Time goes by while nothing runs, as when the event loop is held up. */
  freeze(milliseconds: number): void;
  /** Timers, sleeps and deadlines that wait. */
  pending(): number;
}

interface Waiting {
  readonly at: number;
  readonly run: () => void;
}

export function createTestClock(start = '2026-01-01T00:00:00Z'): TestClock {
  const epoch = Temporal.Instant.from(start).epochMilliseconds;
  const waiting = new Set<Waiting>();
  let elapsed = 0;

  function startTimer(milliseconds: number, run: () => void): { cancel(): void } {
    const entry: Waiting = { at: elapsed + Math.max(milliseconds, 0), run };
    waiting.add(entry);
    return { cancel: () => void waiting.delete(entry) };
  }

  function earliest(): Waiting | undefined {
    let first: Waiting | undefined;
    for (const entry of waiting) if (first === undefined || entry.at < first.at) first = entry;
    return first;
  }

  async function advance(milliseconds: number): Promise<void> {
    const target = elapsed + milliseconds;
    await settle();
    for (let next = earliest(); next !== undefined && next.at <= target; next = earliest()) {
      elapsed = Math.max(elapsed, next.at);
      waiting.delete(next);
      next.run();
      await settle();
    }
    elapsed = target;
  }

  return {
    now: () => Temporal.Instant.fromEpochMilliseconds(Math.floor(epoch + elapsed)),
    epochMilliseconds: () => Math.floor(epoch + elapsed),
    monotonicMilliseconds: () => elapsed,
    sleep: (delay, signal) => sleepUntilTimer(startTimer, delay, signal),
    after: startTimer,
    deadline: (delay, signal) => createDeadline(startTimer, delay, signal),
    advance,
    freeze(milliseconds) {
      elapsed += milliseconds;
    },
    pending: () => waiting.size,
  };
}

/** One turn of the event loop: promises that are ready have run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
