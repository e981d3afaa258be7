import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { readLabelledLogs } from './labelled-logs.ts';

test('labelled logs are read from lines of JSON and from files with their truth beside', async (context) => {
  const folder = await temporaryFolder(context);
  mkdirSync(join(folder, 'deep'));
  const truth = { id: 'conn-eof', evidence: ['EOF'], also: ['net-hang'], retry: 'transient' };
  writeFileSync(
    join(folder, 'deep', 'a.jsonl'),
    `${JSON.stringify({ name: 'a', truth, log: 'EOF\n' })}\n\n`,
  );
  writeFileSync(join(folder, 'b.log'), 'EOF\n');
  writeFileSync(join(folder, 'b.json'), JSON.stringify({ id: 'conn-eof', evidence: 'EOF' }));
  const logs = readLabelledLogs(folder);
  assert.deepEqual(logs, [
    { name: 'b', truth: { id: 'conn-eof', evidence: ['EOF'] }, log: 'EOF\n' },
    { name: 'a', truth, log: 'EOF\n' },
  ]);
});

test('a log without its truth and a truth without an id are errors that name the place', async (context) => {
  const folder = await temporaryFolder(context);
  writeFileSync(join(folder, 'a.jsonl'), '{"name":"a","truth":{},"log":""}\n');
  assert.throws(() => readLabelledLogs(folder), /a\.jsonl:1: truth has no "id"/u);
  writeFileSync(join(folder, 'a.jsonl'), '');
  writeFileSync(join(folder, 'b.log'), '');
  assert.throws(() => readLabelledLogs(folder), /b\.json/u);
});
