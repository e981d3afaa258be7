import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTest, matching, text } from './sources.ts';

const kinds =
  'bad-input|not-found|denied|unavailable|timeout|verification-failed|conflict|full|bug';
/** `code: 'x'`, or a code and a kind as the first words of a call that makes the error. */
const written = [/\bcode: '([a-z0-9-]+)'/g, new RegExp(`'([a-z0-9-]+)',\\s*'(?:${kinds})'`, 'g')];

/** The code literals of files that make a ProgramError, and the codes of security findings. */
function codesInSources(): ReadonlyMap<string, string> {
  const codes = new Map<string, string>();
  for (const path of matching('src/**/*.ts')) {
    if (isTest(path) || !text(path).includes('ProgramError')) continue;
    const source = text(path);
    const patterns = source.includes('new ProgramError({ code, kind')
      ? written
      : written.slice(0, 1);
    for (const [, code = ''] of patterns.flatMap((pattern) => [...source.matchAll(pattern)])) {
      codes.set(code, path);
    }
  }
  // Findings are refusals that no exception carries: each folder lists its own in one union type.
  for (const path of matching('src/**/*-findings.ts')) {
    for (const [, code = ''] of text(path).matchAll(/^ {2}\| '([a-z0-9-]+)'/gm)) {
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
