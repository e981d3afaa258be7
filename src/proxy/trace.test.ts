import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSpanIds, createTraceIds, parentOf } from './trace.ts';

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
    `ff-${GIVEN}-b7ad6b7169203331-01`,
    `00-${GIVEN}-0000000000000000-01`,
    `00-${GIVEN}-b7ad6b7169203331-01-more`,
    `00-${GIVEN}-b7ad6b7169203331-01x`,
  ].map((given) => traceOf(given));
  assert.equal(new Set(made).size, made.length);
  for (const id of made) assert.match(id, /^[0-9a-f]{32}$/u);
});

test("parentOf() gives the caller's span, and nothing of a header that is invalid", () => {
  assert.equal(parentOf(`00-${GIVEN}-b7ad6b7169203331-01`), 'b7ad6b7169203331');
  for (const given of [undefined, '', `ff-${GIVEN}-b7ad6b7169203331-01`]) {
    assert.equal(parentOf(given), undefined);
  }
});

test('createSpanIds() makes new ids of 16 hexadecimal digits, also when the counter overflows', () => {
  const next = createSpanIds(RANDOM);
  const made = [next(), next(), next()];
  assert.equal(new Set(made).size, 3);
  for (const id of made) assert.match(id, /^[0-9a-f]{16}$/u);
});
