import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Locks } from './locks.ts';

export interface LocksUnderTest {
  readonly folder: string;
  /** A second call in one test stands for another program. */
  make(): Locks;
}

/** What every adapter of the port Locks must do. */
export function locksContract(
  name: string,
  setUp: (context: TestContext) => Promise<LocksUnderTest>,
): void {
  test(`${name}: only one holds a lock, until it is released`, async (context) => {
    const { folder, make } = await setUp(context);
    const path = join(folder, 'not yet', 'lock');
    const [here, there] = [make(), make()];
    const lock = await here.tryExclusive(path);
    assert.ok(lock);
    assert.equal(await here.tryExclusive(path), undefined);
    assert.equal(await there.tryExclusive(path), undefined);
    await lock.release();
    await lock.release();
    const next = await there.tryExclusive(path);
    assert.ok(next);
    assert.equal(await here.tryExclusive(path), undefined);
    await next.release();
  });

  test(`${name}: locks of different names do not meet`, async (context) => {
    const { folder, make } = await setUp(context);
    const locks = make();
    const one = await locks.tryExclusive(join(folder, 'one'));
    const other = await locks.tryExclusive(join(folder, 'other'));
    assert.ok(one && other);
    await one.release();
    await other.release();
  });
}
