import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from './clock.ts';
import { isProgramError } from './errors.ts';

export interface ClockUnderTest {
  readonly clock: Clock;
  /** Lets at least this much of the clock's time pass. */
  pass(milliseconds: number): Promise<void>;
}

/** What every adapter of the port Clock must do. */
export function clockContract(name: string, make: () => ClockUnderTest): void {
  test(`${name}: its three readings agree and go forward`, async () => {
    const { clock, pass } = make();
    const instant = clock.now().epochMilliseconds;
    assert.ok(Math.abs(instant - clock.epochMilliseconds()) < 1000);
    const before = clock.monotonicMilliseconds();
    await pass(5);
    assert.ok(clock.monotonicMilliseconds() - before >= 4);
    assert.ok(clock.epochMilliseconds() >= instant + 4);
  });

  test(`${name}: sleep() ends after its time`, async () => {
    const { clock, pass } = make();
    const before = clock.monotonicMilliseconds();
    const slept = clock.sleep(10);
    await pass(10);
    await slept;
    assert.ok(clock.monotonicMilliseconds() - before >= 9);
  });

  test(`${name}: sleep() rejects with the reason when its signal aborts`, async () => {
    const { clock } = make();
    const controller = new AbortController();
    const reason = new Error('stopped');
    const slept = clock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await assert.rejects(slept, reason);
    await assert.rejects(clock.sleep(60_000, controller.signal), reason);
  });

  test(`${name}: after() runs once, and not at all once cancelled`, async () => {
    const { clock, pass } = make();
    let runs = 0;
    let cancelledRuns = 0;
    clock.after(5, () => (runs += 1));
    const cancelled = clock.after(5, () => (cancelledRuns += 1));
    cancelled.cancel();
    cancelled.cancel();
    await pass(30);
    assert.equal(runs, 1);
    assert.equal(cancelledRuns, 0);
  });

  test(`${name}: after() with a delay of months does not run at once`, async () => {
    const { clock, pass } = make();
    let runs = 0;
    const months = clock.after(2 ** 33, () => (runs += 1));
    const never = clock.after(Number.POSITIVE_INFINITY, () => (runs += 1));
    await pass(10);
    months.cancel();
    never.cancel();
    assert.equal(runs, 0);
  });

  test(`${name}: deadline() aborts with a timeout error when the time is over`, async () => {
    const { clock, pass } = make();
    const signal = clock.deadline(5);
    assert.equal(signal.aborted, false);
    await pass(30);
    assert.equal(signal.aborted, true);
    assert.ok(isProgramError(signal.reason) && signal.reason.kind === 'timeout');
  });

  test(`${name}: deadline() aborts at once with the reason of the signal it follows`, () => {
    const { clock } = make();
    const controller = new AbortController();
    const reason = new Error('client gone');
    const signal = clock.deadline(60_000, controller.signal);
    controller.abort(reason);
    assert.equal(signal.reason, reason);
    assert.equal(clock.deadline(60_000, controller.signal).reason, reason);
  });
}
