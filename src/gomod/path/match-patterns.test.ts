import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPatternMatcher, matchesPatterns } from './match-patterns.ts';

const CASES: readonly (readonly [patterns: string, path: string, matches: boolean])[] = [
  ['*.corp.example', 'git.corp.example/team/x', true],
  ['rsc.io/private', 'rsc.io/private/deep', true],
  ['rsc.io/private', 'rsc.io', false],
  ['rsc.io/private/', 'rsc.io/private', true],
  ['', 'rsc.io', false],
  [',,b.example', 'b.example/x', true],
  ['*', 'a.example/b', true],
  ['a.example/*/c', 'a.example/b/c/d', true],
  ['a.example/*', 'a.example', false],
  ['a.example/[b-d]?', 'a.example/cx', true],
  ['a.example/[^b-d]x', 'a.example/cx', false],
  ['a.example/\\*', 'a.example/*', true],
  ['[', 'a.example', false],
  ['a.example/[]a]', 'a.example/a', false],
  ['a\\', 'a', false],
  ['b*[,*', 'c.example', true],
  ['*??', '世', true],
];

test('matchesPatterns() compares leading elements and passes over malformed patterns', () => {
  for (const [patterns, path, matches] of CASES)
    assert.equal(matchesPatterns(patterns, path), matches, `${patterns} ${path}`);
});

test('createPatternMatcher() reads long lists once', () => {
  const patterns = Array.from({ length: 500 }, (_, at) => [
    `git.corp.test/team${at}/plain`,
    `*.corp.test/team${at}/b`,
  ]);
  const matches = createPatternMatcher(patterns.flat().join(','));
  const began = process.cpuUsage();
  const matching = Array.from({ length: 5000 }, (_, at) =>
    ['plain/v2', 'b', 'z'].filter((end) => matches(`git.corp.test/team${at}/${end}`)),
  );
  assert.ok(process.cpuUsage(began).user < 3_000_000);
  assert.equal(matching.flat().length, 1000);
});
