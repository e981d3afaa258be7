import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import {
  formatModfile,
  parseModfile,
  toJson,
  type Modfile,
} from '../../src/gomod/modfile/index.ts';
import { decodeText, encodeText, isLetter, isPrintable } from '../../src/gomod/text/index.ts';
import { checkZip } from '../../src/gomod/zipfile/index.ts';
import * as generateEdits from './generators/edits.ts';
import * as generateEntries from './generators/entries.ts';
import * as generateModfiles from './generators/modfiles.ts';
import * as generateNames from './generators/names.ts';
import * as generateTexts from './generators/texts.ts';
import { buildOracle, type Oracle } from './oracle.ts';
import { answer, entriesArgument, type Subject } from './our-answers.ts';

// Compares src/gomod with golang.org/x/mod and `go mod edit` on random inputs and on every go.mod of a module cache.
// COFFERDAM_ORACLE_SEED repeats a run; COFFERDAM_ORACLE_MODCACHE names one more module cache.

const seed = Number(process.env['COFFERDAM_ORACLE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** Each `go mod edit` is a process of its own, so only some files go through it. */
const FILES_THROUGH_GO = 120;

const COUNTS = {
  paths: 45_000,
  versions: 45_000,
  pairs: 20_000,
  modfiles: 30_000,
  edits: 10_000,
  zips: 5000,
  others: 10_000,
};

let oracle: Oracle;
let knownModfiles: readonly string[] = [];
let knownPaths: readonly string[] = [];

function readModfiles(): string[] {
  const caches = [
    execFileSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' }).trim(),
    process.env['COFFERDAM_ORACLE_MODCACHE'],
  ];
  const files = caches.flatMap((cache) =>
    cache === undefined ? [] : globSync(join(cache, 'cache/download/**/*.mod')),
  );
  return [...new Set(files)].map((path) => decodeText(readFileSync(path)));
}

before(() => {
  oracle = buildOracle();
  knownModfiles = readModfiles();
  knownPaths = [
    ...new Set(
      knownModfiles.flatMap((text) =>
        [...text.matchAll(/^\s+(\S+\.\S+) v/gm)].map((found) => found[1] ?? ''),
      ),
    ),
  ];
});

after(() => {
  oracle.close();
});

function sample<T>(arbitrary: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(arbitrary, { numRuns: count, seed });
}

/** Fails with the first few differences; returns how many subjects agreed. */
function compare(what: string, subjects: readonly Subject[]): void {
  const theirs = oracle.ask(
    subjects.map((subject) => ({ function: subject.function, arguments: subject.arguments })),
  );
  const differences: object[] = [];
  for (const [index, subject] of subjects.entries()) {
    const ours = answer(subject);
    if (JSON.stringify(sortKeys(ours)) !== JSON.stringify(sortKeys(theirs[index]))) {
      differences.push({
        arguments: subject.arguments,
        ours: readable(ours),
        theirs: readable(theirs[index]),
      });
    }
  }
  const shown = JSON.stringify(differences.slice(0, 3), undefined, 1);
  assert.equal(
    differences.length,
    0,
    `seed ${seed}: ${differences.length} of ${subjects.length} ${what} differ: ${shown}`,
  );
  report(`${what}: ${subjects.length} compared, 0 differences (seed ${seed})`);
}

function report(line: string): void {
  process.stdout.write(`# ${line}\n`);
}

/** Objects with their keys in order, so that both sides print the same. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  );
}

/** Texts decoded from base64, for people. */
function readable(value: unknown): unknown {
  if (typeof value === 'string' && value.length > 3) return Buffer.from(value, 'base64').toString();
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readable(inner)]));
}

function about(name: string, ...lists: readonly (readonly string[])[]): Subject[] {
  const [first = []] = lists;
  return first.map((_, index) => ({
    function: name,
    arguments: lists.map((list) => list[index] ?? ''),
  }));
}

test('module, import and file paths are judged, escaped and split as in Go', () => {
  compare('paths', about('path', sample(generateNames.modulePaths(knownPaths), COUNTS.paths)));
});

test('versions are judged and taken apart as in Go', () => {
  compare('versions', about('version', sample(generateNames.versions, COUNTS.versions)));
});

test('pairs of versions and of paths and versions agree with Go', () => {
  const left = sample(generateNames.versions, COUNTS.pairs);
  const right = sample(
    fc.oneof(generateNames.versions, fc.constantFrom(...left.slice(0, 200))),
    COUNTS.pairs,
  );
  compare('pairs of versions', about('compare', left, right));
  compare(
    'paths with versions',
    about('check', sample(generateNames.modulePaths(knownPaths), COUNTS.pairs), left),
  );
  compare(
    'patterns',
    about(
      'match',
      sample(generateNames.patterns, COUNTS.others),
      sample(generateNames.modulePaths([]), COUNTS.others),
    ),
  );
});

test('pseudo-versions are made as in Go', () => {
  const majors = sample(fc.constantFrom('', 'v0', 'v1', 'v2'), COUNTS.others);
  const times = sample(generateNames.times, COUNTS.others);
  const revisions = sample(fc.constantFrom('abcdef123456', 'x'), COUNTS.others);
  compare(
    'pseudo-versions',
    about('makePseudo', majors, sample(generateNames.versions, COUNTS.others), times, revisions),
  );
});

test('texts are quoted, unquoted and split as in Go', () => {
  const texts = sample(generateTexts.texts, COUNTS.others);
  compare(
    'quoted texts',
    about(
      'quote',
      texts.map((text) => `"${text}"`),
    ),
  );
  compare('texts with spaces', about('space', texts));
});

function collides(left: number, right: number): boolean {
  const entries = [left, right].map((letter) => ({
    name: `a.b/c@v1.0.0/${String.fromCodePoint(letter)}`,
    size: 0,
  }));
  const checked = checkZip({ path: 'a.b/c', version: 'v1.0.0' }, 0, entries);
  return checked.ok && checked.value.violations.length > 0;
}

test('every character has the class and the case folding that it has in Go', () => {
  const [characters] = oracle.ask([{ function: 'characters', arguments: [] }]) as [
    { classes: string; folds: number[] },
  ];
  const classes = Buffer.from(characters.classes, 'base64');
  const differences: string[] = [];
  const letters: number[] = [];
  for (const [codePoint, theirs] of classes.entries()) {
    if (codePoint >= 0xd800 && codePoint <= 0xdfff) continue;
    const ours = (isLetter(codePoint) ? 1 : 0) + (isPrintable(codePoint) ? 2 : 0);
    if (ours !== theirs) differences.push(codePoint.toString(16));
    if (theirs % 2 === 1) letters.push(codePoint);
  }
  assert.deepEqual(differences, []);
  const folding = letters.filter((letter) => characters.folds[letter] !== letter);
  assert.deepEqual(
    folding.filter((letter) => !collides(letter, characters.folds[letter] ?? 0)),
    [],
  );
  report(`characters: ${classes.length} compared, 0 differences, ${folding.length} case foldings`);
});

test('go.mod and go.work texts are read, refused and printed as in Go', () => {
  compare(
    'go.mod texts',
    about('modfile', sample(generateModfiles.modfiles(knownModfiles), COUNTS.modfiles)),
  );
});

test('every go.mod of the module caches is read and printed as in Go', () => {
  compare('go.mod files of module caches', about('modfile', knownModfiles));
});

test('edits of go.mod texts agree with Go', () => {
  const texts = sample(generateModfiles.soundModfiles, COUNTS.edits);
  const edits = sample(generateEdits.edits, COUNTS.edits);
  const subjects = texts.map((text, index): Subject => {
    const list = edits[index] ?? [];
    return { function: 'edit', arguments: [text, JSON.stringify(list)], edits: list };
  });
  compare('edited go.mod texts', subjects);
});

test('zips and source trees are judged as in Go', () => {
  const zips = sample(generateEntries.zipEntries, COUNTS.zips).map((entries): Subject => {
    return {
      function: 'checkZip',
      arguments: ['a.b/C', 'v1.0.0', entriesArgument(entries)],
      entries,
    };
  });
  compare('zips', zips);
  const trees = sample(generateEntries.sourceFiles, COUNTS.zips).map((entries): Subject => {
    return { function: 'checkFiles', arguments: [entriesArgument(entries)], entries };
  });
  compare('source trees', trees);
});

test('h1 hashes are those of dirhash', () => {
  const subjects = sample(generateEntries.hashedEntries, COUNTS.zips).map((entries): Subject => {
    return { function: 'hash1', arguments: [entriesArgument(entries)], entries };
  });
  compare('hashed trees', subjects);
});

test('go.sum files are read and written as in Go', () => {
  const sums = sample(generateEntries.sumfiles, COUNTS.zips);
  compare('go.sum texts', about('sumfile', sums));
});

test('the hash of a go.mod file is that of dirhash', () => {
  const subjects = knownModfiles.map((content): Subject => {
    const entries = [{ name: 'go.mod', content, size: 0, mode: 'regular' as const }];
    return { function: 'hash1', arguments: [entriesArgument(entries)], entries };
  });
  compare('hashed go.mod files', subjects);
});

function throughGo(text: string): void {
  writeFileSync(join(oracle.folder, 'go.mod'), encodeText(text));
  const json = oracle.edit('-json', 'go.mod');
  const print = oracle.edit('-print', 'go.mod');
  const read = parseModfile('go.mod', text);
  if (!read.ok) {
    assert.equal(
      json.stderr,
      `go: errors parsing go.mod:\n${decodeText(encodeText(read.problem)).toWellFormed()}\n`,
      text,
    );
    return;
  }
  const file: Modfile = read.value;
  assert.equal(print.stdout, formatModfile(file).toWellFormed(), text);
  assert.equal(json.stdout, toJson(file), text);
}

test('`go mod edit -json` and `-fmt` print what we print', () => {
  const generated = sample(generateModfiles.modfiles(knownModfiles), FILES_THROUGH_GO / 2);
  const real = sample(
    fc.constantFrom(...(knownModfiles.length === 0 ? [''] : knownModfiles)),
    FILES_THROUGH_GO / 2,
  );
  for (const text of [...generated, ...real]) throughGo(text);
  report(
    `go mod edit: ${generated.length + real.length} texts compared, 0 differences (seed ${seed})`,
  );
});
