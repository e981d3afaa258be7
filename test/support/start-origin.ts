import type { TestContext } from 'node:test';
import { createOrigin } from '../../src/drills/index.ts';
import type { Origin, OriginSettings } from '../../src/drills/index.ts';
import { createSystemClock } from '../../src/platform/adapters.ts';

/** A synthetic upstream that goes away with the test. */
export async function startOrigin(test: TestContext, settings: OriginSettings): Promise<Origin> {
  const origin = await createOrigin({ clock: createSystemClock() }, settings);
  test.after(async () => origin.close());
  return origin;
}
