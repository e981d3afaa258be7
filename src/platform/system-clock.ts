import type { Clock } from './clock.ts';
import { startTimer } from './timers.ts';
import { createDeadline, sleepUntilTimer } from './waiting.ts';

export function createSystemClock(): Clock {
  return {
    now: () => Temporal.Now.instant(),
    epochMilliseconds: () => Date.now(),
    monotonicMilliseconds: () => performance.now(),
    sleep: (milliseconds, signal) =>
      sleepUntilTimer((delay, run) => startTimer(delay, true, run), milliseconds, signal),
    after: (milliseconds, run) => startTimer(milliseconds, false, run),
    deadline: (milliseconds, signal) =>
      createDeadline((delay, run) => startTimer(delay, false, run), milliseconds, signal),
  };
}
