import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createTestOutputReader,
  mergeOutputs,
  namesWith,
  type TestOutput,
} from './go-test-output.ts';

const mark = '\u0016';

function read(...lines: readonly string[]): TestOutput {
  const reader = createTestOutputReader();
  for (const line of lines) reader.line(line);
  return reader.end();
}

test('passed, failed and skipped scripts are told apart', () => {
  const output = read(
    `${mark}=== RUN   TestScript`,
    `${mark}=== RUN   TestScript/mod_a`,
    `${mark}=== RUN   TestScript/mod_b`,
    `${mark}=== RUN   TestScript/mod_c`,
    `${mark}--- PASS: TestScript/mod_a (0.41s)`,
    `${mark}--- FAIL: TestScript/mod_b (1.00s)`,
    `${mark}--- SKIP: TestScript/mod_c (0.00s)`,
    `${mark}--- FAIL: TestScript (2.00s)`,
    'FAIL',
  );
  assert.deepEqual(namesWith(output, 'pass'), ['mod_a']);
  assert.deepEqual(namesWith(output, 'fail'), ['mod_b']);
  assert.deepEqual(namesWith(output, 'skip'), ['mod_c']);
  assert.equal(output.complete, true);
  assert.deepEqual(output.unfinished, []);
});

test('result lines that a script itself prints do not count', () => {
  const output = read(
    `${mark}=== RUN   TestScript/mod_a`,
    '    --- PASS: TestScript/mod_other (0.41s)',
    '--- PASS: TestScript (0.41s)',
    `${mark}--- PASS: TestScript/mod_a (0.41s)`,
  );
  assert.deepEqual([...output.scripts.keys()], ['mod_a']);
  assert.equal(output.complete, false);
});

test('the log of a failing script holds its own lines, although scripts run at the same time', () => {
  const output = read(
    `${mark}=== RUN   TestScript/mod_a`,
    `${mark}=== RUN   TestScript/mod_b`,
    `${mark}=== NAME  TestScript/mod_a`,
    '    a says this',
    `${mark}=== NAME  TestScript/mod_b`,
    '    b says this',
    `${mark}=== NAME  TestScript/mod_a`,
    '    a says that',
    `${mark}--- FAIL: TestScript/mod_a (0.1s)`,
    `${mark}--- PASS: TestScript/mod_b (0.1s)`,
    `${mark}--- FAIL: TestScript (0.1s)`,
  );
  assert.deepEqual([...output.logs], [['mod_a', '    a says this\n    a says that\n']]);
});

test('a result after output without a newline is seen', () => {
  const output = read(
    `${mark}=== RUN   TestScript/mod_a`,
    `half a line${mark}--- FAIL: TestScript/mod_a (0.1s)`,
  );
  assert.deepEqual(namesWith(output, 'fail'), ['mod_a']);
  assert.deepEqual([...output.logs], [['mod_a', 'half a line\n']]);
});

test('scripts without a result are unfinished and keep their log', () => {
  const output = read(
    `${mark}=== RUN   TestScript/mod_a`,
    `${mark}=== NAME  TestScript/mod_a`,
    'panic: test timed out after 10m0s',
  );
  assert.deepEqual(output.unfinished, ['mod_a']);
  assert.equal(output.complete, false);
  assert.match(output.logs.get('mod_a') ?? '', /timed out/);
});

test('a log keeps its end, within bounds and without control characters', () => {
  const reader = createTestOutputReader();
  reader.line(`${mark}=== RUN   TestScript/mod_a`);
  for (let line = 0; line < 20_000; line += 1) reader.line(`line ${line} \u001b[31mred`);
  reader.line('the reason');
  reader.line(`${mark}--- FAIL: TestScript/mod_a (0.1s)`);
  const log = reader.end().logs.get('mod_a') ?? '';
  assert.ok(log.length <= 64 * 1024);
  assert.ok(log.endsWith('the reason\n'));
  assert.ok(!log.includes('\u001b'));
});

test('two plays merge into one, which is complete only when both are', () => {
  const first = read(
    `${mark}=== RUN   TestScript/mod_a`,
    `${mark}--- PASS: TestScript/mod_a (0.1s)`,
    `${mark}--- PASS: TestScript (0.1s)`,
  );
  const second = read(`${mark}=== RUN   TestScript/mod_b`);
  const merged = mergeOutputs(first, second);
  assert.deepEqual(namesWith(merged, 'pass'), ['mod_a']);
  assert.deepEqual(merged.unfinished, ['mod_b']);
  assert.equal(merged.complete, false);
});
