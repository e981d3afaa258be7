import assert from 'node:assert/strict';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createDiskFiles } from '../platform/adapters.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { readGoSums } from './go-sums.ts';
import type { GoPlaces } from './go-settings.ts';
import type { GoSums } from './go-sums.ts';

const HASH = `h1:${'a'.repeat(43)}=`;
const OTHER = `h1:${'b'.repeat(43)}=`;

interface Case {
  readonly files: Readonly<Record<string, string | number>>;
  readonly places?: Partial<GoPlaces>;
}

/** A number is the size of a file of nothing. */
async function readIn(context: TestContext, { files, places = {} }: Case): Promise<GoSums> {
  const folder = await temporaryFolder(context);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), typeof content === 'string' ? content : '');
    if (typeof content === 'number') await truncate(join(folder, name), content);
  }
  const inside = (place: string): string => (place === '' ? '' : join(folder, place));
  return readGoSums(createDiskFiles(), {
    GOMOD: inside(places.GOMOD ?? 'go.mod'),
    GOWORK: inside(places.GOWORK ?? ''),
    GOMODCACHE: '',
    GOFLAGS: places.GOFLAGS ?? '',
  });
}

test('readGoSums() gives the hash of each zip and go.mod, and where it stands', async (context) => {
  const lines = [`a.test/x v1.0.0 ${HASH}`, '', `a.test/x v1.0.0/go.mod ${OTHER}\r`];
  const sums = await readIn(context, { files: { 'go.sum': lines.join('\n') } });
  const module = { path: 'a.test/x', version: 'v1.0.0' };
  assert.equal(sums.problem, undefined);
  assert.deepEqual(sums.hashes, [
    { ...module, kind: 'zip', hash: HASH, place: 'go.sum:1' },
    { ...module, kind: 'mod', hash: OTHER, place: 'go.sum:3' },
  ]);
});

test('readGoSums() passes over what is no hash that it knows', async (context) => {
  const lines = [
    'a.test/x v1.0.0 h1:x=',
    `a.test/x v1.0.0 h2:${'a'.repeat(43)}=`,
    `a.test/x v1.0.0 ${HASH.slice(0, -1)}`,
    `a.test/x v1.0.0 ${HASH}${HASH}`,
    `a.test/x v1.0.0 ${HASH} and more`,
    `a.test/x ${HASH}`,
    '<html>\u0000\uFFFD',
  ];
  const sums = await readIn(context, { files: { 'go.sum': lines.join('\n') } });
  assert.deepEqual([sums.hashes, sums.problem], [[], undefined]);
});

test('readGoSums() reads a workspace: first go.work.sum, then that of each member', async (context) => {
  const files = {
    'go.work': 'go 1.26\n\nuse (\n\t./one\n\t./none\n)\n',
    'go.work.sum': `a.test/x v1.0.0 ${HASH}\n`,
    'one/go.sum': `a.test/x v1.0.0 ${OTHER}\n`,
    'go.sum': `a.test/other v1.0.0 ${OTHER}\n`,
  };
  const places = { GOWORK: 'go.work', GOMOD: 'one/go.mod' };
  const { hashes } = await readIn(context, { files, places });
  assert.deepEqual(
    hashes.map(({ hash, place }) => [hash, place]),
    [
      [HASH, 'go.work.sum:1'],
      [OTHER, 'one/go.sum:1'],
    ],
  );
});

test('readGoSums() says why it does not read a go.sum that is too large', async (context) => {
  const sums = await readIn(context, { files: { 'go.sum': 16 * 1024 * 1024 + 1 } });
  assert.deepEqual(sums.hashes, []);
  assert.match(sums.problem ?? '', /go\.sum" is larger than the 16777216 bytes allowed/u);
});

test('readGoSums() stops at 32 MiB of all files together', async (context) => {
  const size = 12 * 1024 * 1024;
  const files = {
    'go.work': 'use (\n\t./one\n\t./two\n)\n',
    'go.work.sum': size,
    'one/go.sum': size,
    'two/go.sum': size,
  };
  const sums = await readIn(context, { files, places: { GOWORK: 'go.work' } });
  assert.match(sums.problem ?? '', /larger than 33554432 bytes together/u);
});

for (const [name, places] of [
  ['with another go.mod in GOFLAGS', { GOFLAGS: '-v -modfile=other.mod' }],
  ['outside a module', { GOMOD: '' }],
] as const) {
  test(`readGoSums() reads nothing ${name}`, async (context) => {
    const files = { 'go.sum': `a.test/x v1.0.0 ${HASH}\n` };
    assert.deepEqual((await readIn(context, { files, places })).hashes, []);
  });
}

test('readGoSums() reads it with a vendor directory too: go mod download does not use that', async (context) => {
  const files = { 'go.sum': `a.test/x v1.0.0 ${HASH}\n`, 'vendor/modules.txt': '' };
  const sums = await readIn(context, { files, places: { GOFLAGS: '-mod=vendor' } });
  assert.equal(sums.hashes.length, 1);
});
