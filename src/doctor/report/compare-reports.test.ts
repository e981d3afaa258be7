import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareReports, comparisonAsJson, comparisonAsText } from './compare-reports.ts';
import { readReport } from './read-report.ts';
import type { ReadReport } from './read-report.ts';

function report(findings: ReadReport['findings'], text: string): ReadReport {
  return {
    goVersion: 'go1.26.8',
    findings,
    probes: [{ name: 'resolvers', observations: [{ subject: '192.0.2.1', text }] }],
  };
}

const REFUSED = { code: 'dns-timeout', title: 'no answer', severity: 'error' } as const;

test('what one place has and the other has not is shown, findings first', () => {
  const comparison = compareReports(
    ['host', report([], 'found')],
    ['container', report([REFUSED], 'no answer')],
  );
  assert.equal(comparison.findingsDiffer, true);
  assert.equal(
    comparisonAsText(comparison),
    [
      'finding: dns-timeout no answer',
      '  host       -',
      '  container  error',
      '',
      'resolvers: 192.0.2.1',
      '  host       found',
      '  container  no answer',
      '',
      '2 differences between host and container',
      '',
    ].join('\n'),
  );
  const read = JSON.parse(comparisonAsJson(comparison)) as { differences: unknown[] };
  assert.deepEqual(read.differences[1], {
    where: 'resolvers',
    subject: '192.0.2.1',
    first: 'found',
    second: 'no answer',
  });
});

test('what is only measured makes no difference', () => {
  const one = compareReports(
    ['a', report([], '53.2 GiB free, 100 inodes')],
    ['b', report([], '53.1 GiB free, 99 inodes')],
  );
  assert.deepEqual(one.differences, []);
  assert.equal(comparisonAsText(one), 'a and b say the same\n');
});

test('what only one of them looked at says nothing about the other', () => {
  const nothing = { ...report([], ''), probes: [] };
  assert.deepEqual(compareReports(['a', report([], 'x')], ['b', nothing]).differences, []);
});

test('what is no report is refused with the reason, and without its text', () => {
  assert.throws(
    () => readReport('a.json', 'root:x:0:0'),
    /a\.json is no report of the doctor: it is no JSON$/,
  );
  assert.throws(
    () => readReport('a.json', '{"version":1}'),
    /is no report of the doctor: goVersion: /,
  );
});
