import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Random } from './random.ts';

/** What every adapter of the port Random must do. */
export function randomContract(name: string, make: () => Random): void {
  test(`${name}: fractions stay in [0, 1) and differ`, () => {
    const random = make();
    const fractions = Array.from({ length: 200 }, () => random.fraction());
    assert.ok(fractions.every((fraction) => fraction >= 0 && fraction < 1));
    assert.ok(new Set(fractions).size > 100);
  });

  test(`${name}: bytes have the length asked for and differ`, () => {
    const random = make();
    assert.equal(random.bytes(0).length, 0);
    assert.equal(random.bytes(33).length, 33);
    assert.notDeepEqual(random.bytes(16), random.bytes(16));
  });
}
