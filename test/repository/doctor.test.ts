import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codes, probes } from '../../src/doctor/index.ts';
import { catalogue } from '../../src/failures/index.ts';
import { text } from './sources.ts';

const known = new Map(catalogue.map((failure) => [failure.id, failure]));

test('each code of the doctor is one of the catalogue, or has its section in docs/doctor.md', () => {
  const documented = new Set(
    [...text('docs/doctor.md').matchAll(/^### `([a-z0-9-]+)`$/gm)].map(([, code = '']) => code),
  );
  const own = [...codes.keys()].filter((code) => !known.has(code));
  assert.deepEqual([...documented].toSorted(), own.toSorted());
});

test('a code means for the doctor what it means in the catalogue: who mends it, what trying again brings', () => {
  const differs = [...codes].flatMap(([code, { owner, retry }]) => {
    const failure = known.get(code);
    return failure === undefined || (failure.retry === retry && failure.owner === owner)
      ? []
      : [`${code}: ${owner}, ${retry} here, ${failure.owner}, ${failure.retry} in the catalogue`];
  });
  assert.deepEqual(differs, []);
});

test('each probe names codes that are known, and each code has its probe', () => {
  const confirmed = new Set(probes.flatMap(({ confirms }) => confirms));
  const unknown = [...confirmed].filter((code) => !known.has(code) && !codes.has(code));
  assert.deepEqual(unknown, []);
  assert.deepEqual(
    [...codes.keys()].filter((code) => !confirmed.has(code)),
    [],
  );
});

test('each probe has its line in docs/doctor.md', () => {
  const page = text('docs/doctor.md');
  assert.deepEqual(
    probes.map(({ name }) => name).filter((name) => !page.includes(`| \`${name}\` |`)),
    [],
  );
});
