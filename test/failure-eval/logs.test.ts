import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { failureIds } from '../repository/failure-ids.ts';
import { readLabelledLogs } from './labelled-logs.ts';

const FOLDER = join(import.meta.dirname, 'logs');
const BLIND = join(import.meta.dirname, 'blind');
const LEAST_LOGS = 3;
const ids = Object.values(failureIds).flatMap((row) =>
  row.split(', ').map((one) => one.split(' ')[0] ?? ''),
);

test('every id has three logs or more, and at least one of them is held out', () => {
  const all = readLabelledLogs(FOLDER);
  const held = new Set(readLabelledLogs(join(FOLDER, 'held-out')).map(({ truth }) => truth.id));
  const few = ids.filter((id) => all.filter(({ truth }) => truth.id === id).length < LEAST_LOGS);
  assert.deepEqual(few, []);
  assert.deepEqual(
    ids.filter((id) => !held.has(id)),
    [],
  );
});

test('every label is an id, and its evidence stands in its log', () => {
  for (const { name, truth, log } of [...readLabelledLogs(FOLDER), ...readLabelledLogs(BLIND)]) {
    for (const id of [truth.id, ...(truth.also ?? [])])
      assert.ok(ids.includes(id), `${name}: ${id}`);
    assert.ok(truth.evidence.length > 0, name);
    for (const text of truth.evidence) assert.ok(log.includes(text), `${name}: ${text}`);
  }
});

test('most ids have a held-out log that reads like none in train', () => {
  const train = new Set(readLabelledLogs(join(FOLDER, 'train')).map(({ log }) => log));
  const unseen = readLabelledLogs(join(FOLDER, 'held-out')).filter(({ log }) => !train.has(log));
  const found = new Set(unseen.map(({ truth }) => truth.id));
  assert.ok(found.size >= 0.9 * ids.length, ids.filter((id) => !found.has(id)).join(' '));
});

test('no log names the machine that it was made on', () => {
  for (const { name, log } of [...readLabelledLogs(FOLDER), ...readLabelledLogs(BLIND)]) {
    assert.doesNotMatch(log, /cofferdam-lab|world-\d+|\/tmp\/bash_jobs|\/work\/main/u, name);
  }
});
