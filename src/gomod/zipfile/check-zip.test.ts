import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFiles } from './check-files.ts';
import { checkZip, type ZipEntry } from './check-zip.ts';
import { MAX_GO_MOD_SIZE, MAX_LICENSE_SIZE, MAX_ZIP_SIZE } from './limits.ts';
import { describeViolations } from './violation.ts';

const MODULE = { path: 'a.b/c', version: 'v1.0.0' };

function violationsOf(entries: readonly (string | ZipEntry)[], zipSize = 1): string[] {
  const checked = checkZip(
    MODULE,
    zipSize,
    entries.map((entry) =>
      typeof entry === 'string' ? { name: `a.b/c@v1.0.0/${entry}`, size: 1 } : entry,
    ),
  );
  assert.ok(checked.ok);
  return checked.value.violations.map((violation) => `${violation.class}: ${violation.problem}`);
}

test('checkZip() accepts files and directories under the prefix', () => {
  assert.deepEqual(
    violationsOf(['', 'go.mod', 'LICENSE', 'a/', 'a/b.go', 'a/日本.txt', 'vendor/x/y.go']),
    [],
  );
});

const BROKEN: readonly (readonly [entries: readonly (string | ZipEntry)[], violation: string])[] = [
  [[{ name: 'a.b/c@v1.0.1/x', size: 1 }], 'prefix: path does not have prefix "a.b/c@v1.0.0/"'],
  [['a//b'], 'name: file path is not clean'],
  [['a/../b'], 'name: file path is not clean'],
  [['../b'], 'name: malformed file path "../b": invalid path element ".."'],
  [['a:b'], `name: malformed file path "a:b": invalid char ':'`],
  [['a', 'A'], 'name: case-insensitive file name collision: "a" and "A"'],
  [['σ', 'Σ'], 'name: case-insensitive file name collision: "σ" and "Σ"'],
  [['A/x', 'a/y'], 'name: case-insensitive file name collision: "A" and "a"'],
  [['a', 'a/b'], 'name: entry "a" is both a file and a directory'],
  [['a', 'a'], 'name: multiple entries for file "a"'],
  [['x/go.mod'], 'name: go.mod file not in module root directory'],
  [['Go.mod'], 'name: go.mod files must have lowercase names'],
  [
    [{ name: 'a.b/c@v1.0.0/go.mod', size: MAX_GO_MOD_SIZE + 1 }],
    'size: go.mod file too large (max size is 16777216 bytes)',
  ],
  [
    [{ name: 'a.b/c@v1.0.0/LICENSE', size: MAX_LICENSE_SIZE + 1 }],
    'size: LICENSE file too large (max size is 16777216 bytes)',
  ],
  [
    [{ name: 'a.b/c@v1.0.0/x', size: MAX_ZIP_SIZE + 1 }],
    'size: total uncompressed size of module contents too large (max size is 524288000 bytes)',
  ],
];

test('checkZip() tells dangerous zips from those that only break name rules', () => {
  for (const [entries, violation] of BROKEN) assert.deepEqual(violationsOf(entries), [violation]);
});

test('checkZip() judges the size of the zip itself and the module it is said to be', () => {
  assert.deepEqual(violationsOf(['x'], MAX_ZIP_SIZE + 1), [
    'size: module zip file is too large (524288001 bytes; limit is 524288000 bytes)',
  ]);
  assert.deepEqual(checkZip({ path: 'a.b/c', version: 'v1' }, 1, []), {
    ok: false,
    problem: 'version "v1" is not canonical (should be "v1.0.0")',
  });
  assert.equal(checkZip({ path: 'c', version: 'v1.0.0' }, 1, []).ok, false);
});

test('describeViolations() puts the size of the whole before everything else', () => {
  assert.equal(describeViolations([]), undefined);
  assert.equal(
    describeViolations([
      { class: 'name', entry: 'a', problem: 'p' },
      { class: 'name', entry: 'b', problem: 'q' },
    ]),
    'a: p\nb: q',
  );
  assert.equal(
    describeViolations([
      { class: 'name', entry: 'a', problem: 'p' },
      { class: 'size', problem: 's' },
    ]),
    's',
  );
});

test('checkFiles() leaves out vendored packages, other modules and what is no regular file', () => {
  const names = [
    'go.mod',
    'x.go',
    'vendor/modules.txt',
    'vendor/a/b.go',
    'p/vendor/q.go',
    'sub/go.mod',
    'sub/x.go',
    '.hg_archival.txt',
  ];
  const files = names.map((name) => ({ name, size: 1, mode: 'regular' as const }));
  const link = { name: 'link', size: 1, mode: 'symlink' as const };
  assert.deepEqual(checkFiles([...files, link], '1.24').valid, ['go.mod', 'x.go', 'p/vendor/q.go']);
  assert.deepEqual(checkFiles([...files, link], '1.23').valid, [
    'go.mod',
    'x.go',
    'vendor/modules.txt',
  ]);
  assert.deepEqual(checkFiles([link], '').omitted, [
    { name: 'link', reason: 'file is a symbolic link' },
  ]);
  assert.equal(
    checkFiles([{ name: '/x', size: 1, mode: 'regular' }], '').violations[0]?.problem,
    'file path is not relative',
  );
});
