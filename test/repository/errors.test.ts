import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTest, matching, text } from './sources.ts';

/** The code literals of files that make a ProgramError. */
function codesInSources(): ReadonlyMap<string, string> {
  const codes = new Map<string, string>();
  for (const path of matching('src/**/*.ts')) {
    if (isTest(path) || !text(path).includes('ProgramError')) continue;
    for (const [, code = ''] of text(path).matchAll(/\bcode: '([a-z0-9-]+)'/g)) {
      codes.set(code, path);
    }
  }
  return codes;
}

function codesInDocuments(): readonly string[] {
  return [...text('docs/errors.md').matchAll(/^## `?([a-z0-9-]+)`?$/gm)].map(
    (found) => found[1] ?? '',
  );
}

test('each error code has its section in docs/errors.md', () => {
  const documented = new Set(codesInDocuments());
  const missing = [...codesInSources()]
    .filter(([code]) => !documented.has(code))
    .map(([code, path]) => `${code} (${path})`);
  assert.ok(codesInSources().size > 10, 'the pattern finds no error codes any more');
  assert.deepEqual(missing, []);
});

test('no section of docs/errors.md describes a code that nothing throws, and they are in order', () => {
  const used = codesInSources();
  const documented = codesInDocuments();
  assert.deepEqual(
    documented.filter((code) => !used.has(code)),
    [],
  );
  assert.deepEqual(documented, documented.toSorted());
});

test('each section says what happened and what to do', () => {
  const sections = text('docs/errors.md').split(/^## /m).slice(1);
  const short = sections.filter((section) => !/\*\*What to do\.\*\* \S/.test(section));
  assert.deepEqual(
    short.map((section) => section.split('\n')[0]),
    [],
  );
});
