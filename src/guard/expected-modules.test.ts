import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createDiskFiles } from '../platform/adapters.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { readExpectedModules } from './expected-modules.ts';
import { readGoSums } from '../gosettings/index.ts';
import type { GoPlaces } from '../gosettings/index.ts';

const SUM = [
  'a.test/Upper v1.2.0 h1:x=',
  'a.test/Upper v1.2.0/go.mod h1:x=',
  'a.test/Upper v1.10.0 h1:x=',
  'a.test/Upper v1.10.0/go.mod h1:x=',
  'a.test/only v1.0.0/go.mod h1:x=',
  'a line that is broken and long',
].join('\n');

interface Case {
  readonly files: Readonly<Record<string, string>>;
  readonly places?: Partial<GoPlaces>;
}

/** The answer as one text each: `path@version kind`. */
async function expectIn(context: TestContext, { files, places = {} }: Case): Promise<string[]> {
  const folder = await temporaryFolder(context);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const inside = (place: string | undefined): string =>
    place === undefined || place === '' ? '' : join(folder, place);
  const needs = { files: createDiskFiles() };
  const found = {
    GOMOD: inside(places.GOMOD ?? 'go.mod'),
    GOWORK: inside(places.GOWORK),
    GOMODCACHE: inside(places.GOMODCACHE ?? 'cache-that-is-not-there'),
    GOFLAGS: places.GOFLAGS ?? '',
  };
  const sums = await readGoSums(needs.files, found);
  const expected = await readExpectedModules(needs, found, sums);
  return expected.map(({ path, version, kind }) => `${path}@${version} ${kind}`).sort();
}

const ALL = [
  'a.test/Upper@v1.10.0 mod',
  'a.test/Upper@v1.10.0 zip',
  'a.test/Upper@v1.2.0 mod',
  'a.test/only@v1.0.0 mod',
];

test('every go.mod in go.sum is expected, and the highest version of each module', async (context) => {
  assert.deepEqual(await expectIn(context, { files: { 'go.sum': SUM } }), ALL);
});

test('what the module cache has is not expected', async (context) => {
  const files = {
    'go.sum': SUM,
    'cache/cache/download/a.test/!upper/@v/v1.10.0.zip': '',
    'cache/cache/download/a.test/!upper/@v/v1.10.0.mod': '',
  };
  assert.deepEqual(await expectIn(context, { files, places: { GOMODCACHE: 'cache' } }), [
    'a.test/Upper@v1.2.0 mod',
    'a.test/only@v1.0.0 mod',
  ]);
});

test('in a workspace the sums of go.work and of each member count', async (context) => {
  const files = {
    'go.work': 'go 1.26\n\nuse (\n\t./one\n\t./none\n)\n',
    'go.work.sum': 'a.test/work v1.0.0/go.mod h1:x=\n',
    'one/go.sum': 'a.test/one v1.0.0/go.mod h1:x=\n',
    'go.sum': SUM,
  };
  const places = { GOWORK: 'go.work', GOMOD: 'one/go.mod' };
  assert.deepEqual(await expectIn(context, { files, places }), [
    'a.test/one@v1.0.0 mod',
    'a.test/work@v1.0.0 mod',
  ]);
});

for (const [name, input] of [
  ['with a vendor directory', { files: { 'go.sum': SUM, 'vendor/modules.txt': '' } }],
  ['with -mod=vendor', { files: { 'go.sum': SUM }, places: { GOFLAGS: '-v -mod=vendor' } }],
  ['without a go.sum', { files: { 'go.mod': '' } }],
  ['outside a module', { files: { 'go.sum': SUM }, places: { GOMOD: '' } }],
] as const) {
  test(`nothing is expected ${name}`, async (context) => {
    assert.deepEqual(await expectIn(context, input), []);
  });
}
