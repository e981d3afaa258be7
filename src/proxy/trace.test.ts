import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTraceIds } from './trace.ts';

const RANDOM = { fraction: () => 0, bytes: (count: number) => Buffer.alloc(count, 0xff) };
const GIVEN = '0af7651916cd43dd8448eb211c80319c';

test("createTraceIds() takes the caller's own id from traceparent", () => {
  const traceOf = createTraceIds(RANDOM);
  assert.equal(traceOf(`00-${GIVEN}-b7ad6b7169203331-01`), GIVEN);
  assert.equal(traceOf(`cc-${GIVEN}-b7ad6b7169203331-01-later`), GIVEN);
});

test('createTraceIds() makes new ids of 32 hexadecimal digits for everyone else', () => {
  const traceOf = createTraceIds(RANDOM);
  const made = [
    undefined,
    '',
    'nonsense',
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-${GIVEN.toUpperCase()}-b7ad6b7169203331-01`,
    `00-${GIVEN}`,
  ].map((given) => traceOf(given));
  assert.equal(new Set(made).size, made.length);
  for (const id of made) assert.match(id, /^[0-9a-f]{32}$/u);
});
