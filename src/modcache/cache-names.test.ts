import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readExtractedName, readFileName } from './cache-names.ts';
import { readModuleFilter } from './module-filter.ts';

test('readFileName() knows the files of a version, escaped, and what was left of them', () => {
  assert.deepEqual(readFileName('v1.2.3-!rc1.zip'), {
    escaped: 'v1.2.3-!rc1',
    version: 'v1.2.3-Rc1',
    kind: 'zip',
    isLeftover: false,
  });
  assert.equal(readFileName('v2.0.0+incompatible.ziphash')?.kind, 'ziphash');
  assert.equal(readFileName('v1.0.0.mod12345.tmp')?.isLeftover, true);
  for (const name of [
    'list',
    'v1.0.0.txt',
    'master.info',
    '.zip',
    'v1.0.0.zip.tmp',
    'V1.0.0.mod',
  ]) {
    assert.equal(readFileName(name), undefined, name);
  }
});

test('readExtractedName() knows unpacked modules and the attempts of old go commands', () => {
  assert.deepEqual(readExtractedName('github.com/!burnt!sushi/toml@v1.0.0'), {
    path: 'github.com/BurntSushi/toml',
    version: 'v1.0.0',
    isLeftover: false,
  });
  assert.equal(readExtractedName('a.test/b@v1.0.0.tmp-123')?.isLeftover, true);
  assert.equal(readExtractedName('a.test/b'), undefined);
  assert.equal(readExtractedName('@v1.0.0'), undefined);
});

test('readModuleFilter() takes a module, with or without a version, and nothing else', () => {
  assert.deepEqual(readModuleFilter('a.test/b'), { path: 'a.test/b', version: undefined });
  assert.deepEqual(readModuleFilter('a.test/b@v1.0.0'), { path: 'a.test/b', version: 'v1.0.0' });
  for (const text of ['', 'no dot', '../x', 'a.test/b@', 'a.test/b@latest']) {
    assert.equal(readModuleFilter(text), undefined, text);
  }
});
