import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDoubts } from './doubtful-mod.ts';
import { failed } from './upstream/index.ts';

const ODD = Buffer.from('these are other bytes\n');

test('createDoubts() has none about what names a module, in whatever way', () => {
  const doubts = createDoubts<string>();
  for (const text of [
    'module m.test/x\n',
    '\uFEFF// a comment\n\n\tmodule "m.test/x" // why\r\ngo 1.20\n',
    'go 1.20\nmodule (\n\tm.test/x\n)\n',
  ]) {
    assert.equal(
      doubts.raise('a', Buffer.from(text), () => 'believed'),
      undefined,
      text,
    );
  }
  assert.equal(
    doubts.settle([
      failed('a', { kind: 'unavailable', reason: 'answered-5xx', message: 'busy' }, 503),
    ]),
    undefined,
  );
});

test('createDoubts() believes what every try gave, and nothing else', () => {
  const same = createDoubts<string>();
  const failures = [1, 2].map((turn) => same.raise('a', ODD, () => `believed ${turn}`));
  assert.match(failures[0]?.message ?? '', /^a sent a go\.mod that names no module$/u);
  assert.equal(same.settle(failures.flatMap((one) => one ?? [])), 'believed 1');
  const different = createDoubts<string>();
  const last = [ODD, Buffer.from('and others\n')].map((bytes) =>
    different.raise('a', bytes, () => 'believed'),
  );
  assert.equal(different.settle(last.flatMap((one) => one ?? [])), undefined);
  const busy = createDoubts<string>();
  busy.raise('a', ODD, () => 'believed');
  assert.equal(
    busy.settle([
      failed('a', { kind: 'unavailable', reason: 'answered-5xx', message: 'busy' }, 503),
    ]),
    undefined,
  );
});
