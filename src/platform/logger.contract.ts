import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Logger } from './logger.ts';

export interface LoggerUnderTest {
  readonly logger: Logger;
  /** All that was written so far. */
  written(): Promise<string>;
}

/** What every adapter of the port Logger must do. */
export function loggerContract(
  name: string,
  make: (context: TestContext) => Promise<LoggerUnderTest>,
): void {
  test(`${name}: takes every level, with and without data, also from a child`, async (context) => {
    const { logger } = await make(context);
    for (const one of [logger, logger.child({ part: 'proxy' }).child({ upstream: 1 })]) {
      one.debug('a fact');
      one.info('a fact', { bytes: 3, since: undefined, big: 2n ** 70n });
      one.warn('a fact', { error: new Error('no', { cause: 'because' }) });
      one.error('a fact', { list: [{ deep: new Map([['a', new Set([1])]]) }] });
    }
  });

  test(`${name}: never fails on odd data`, async (context) => {
    const { logger } = await make(context);
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const thrower = Object.defineProperty({}, 'broken', {
      enumerable: true,
      get: () => {
        throw new Error('getter');
      },
    });
    const odd = { circle, thrower, call: () => 1, symbol: Symbol('s'), number: Number.NaN };
    logger.error('odd', odd);
    logger.error('odd', { json: { toJSON: () => circle }, bytes: Buffer.alloc(10) });
  });

  test(`${name}: writes no secret`, async (context) => {
    const { logger, written } = await make(context);
    const url = 'https://user:hunter2@proxy.example/a?token=hunter2';
    const child = logger.child({ Authorization: 'Bearer hunter2', upstream: url });
    child.error(`asking ${url}`, {
      url,
      headers: { 'set-cookie': 'hunter2', nested: [{ apiKey: 'hunter2', password: 'hunter2' }] },
      error: new Error(`cannot reach ${url}`, { cause: new Error(url) }),
    });
    assert.ok(!(await written()).includes('hunter2'));
  });
}
