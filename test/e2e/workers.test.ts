import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAnswer } from '../support/read-answer.ts';
import type { Received } from '../support/read-answer.ts';
import { startOrigin } from '../support/start-origin.ts';
import { startProgram } from '../support/start-program.ts';
import type { StartedProgram } from '../support/start-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { TestContext } from 'node:test';

const SMALL = { path: 'm.test/small', version: 'v1.2.3', zipBytes: 50_000 };
const LARGE = { path: 'm.test/large', version: 'v1.0.0', zipBytes: 30_000_000 };
const ZIP = '/m.test/small/@v/v1.2.3.zip';

async function startWorkers(
  context: TestContext,
  upstream: string,
  words: readonly string[] = [],
): Promise<StartedProgram> {
  const store = await temporaryFolder(context);
  const common = ['--store', store, '--upstream', upstream, '--sumdb', 'off', '--workers', '2'];
  return startProgram(context, [...common, ...words]);
}

/** Each connection goes to the next worker: twice as many as workers reach them all. */
async function fromEach(url: string, headers: Record<string, string> = {}): Promise<Received[]> {
  const answers: Received[] = [];
  for (let count = 0; count < 4; count += 1) answers.push(await readAnswer(url, headers, 5000));
  return answers;
}

test('two workers answer as one process does: whole, HEAD, ranges, conditions, absence, API', async (context) => {
  const origin = await startOrigin(context, { modules: [SMALL, LARGE] });
  const serve = await startWorkers(context, origin.url);
  const right = await readAnswer(origin.url + ZIP);
  for (const answer of await fromEach(serve.address + ZIP)) {
    assert.deepEqual([answer.status, answer.body], [200, right.body]);
  }
  const again = await fromEach(serve.address + ZIP);
  assert.deepEqual(new Set(again.map(({ headers }) => headers['cofferdam-cache'])), new Set(['hit']));
  assert.equal(again[0]?.headers['cofferdam-keep'], undefined);
  const etag = String(again[0]?.headers['etag']);
  for (const part of await fromEach(serve.address + ZIP, { range: 'bytes=10-19' })) {
    assert.deepEqual([part.status, part.body], [206, right.body.subarray(10, 20)]);
  }
  for (const same of await fromEach(serve.address + ZIP, { 'if-none-match': etag })) {
    assert.deepEqual([same.status, same.body.length], [304, 0]);
  }
  const missing = '/m.test/none/@v/list';
  const absent = await readAnswer(origin.url + missing);
  for (const answer of await fromEach(serve.address + missing)) {
    assert.deepEqual([answer.status, answer.body], [404, absent.body]);
  }
  const ready = await readAnswer(`${serve.address}/-/readyz`);
  assert.equal(ready.status, 200);
});
