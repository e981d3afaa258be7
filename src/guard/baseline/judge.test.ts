import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../finding/index.ts';
import type { Comparison } from './compare.ts';
import { judge } from './judge.ts';
import type { JudgedRun, Verdict } from './judge.ts';

function finding(code: string): Finding {
  return {
    code,
    title: 'title',
    explanation: '',
    severity: 'error',
    confidence: 1,
    evidence: [],
    dependsOn: [],
    checked: 'no',
  };
}

const quiet: JudgedRun = {
  isTimedOut: false,
  engineFailures: 0,
  stalls: 0,
  files: 5,
  root: undefined,
};
const none: Comparison = { kind: 'no-baseline', runs: 1, needed: 3 };

function compared(ratio: number, changed: readonly string[] = []): Comparison {
  return {
    kind: 'compared',
    runs: 5,
    stages: [
      {
        name: 'download',
        milliseconds: ratio * 10_000,
        medianMilliseconds: 10_000,
        leastMilliseconds: 9000,
        mostMilliseconds: 12_000,
        ratio,
        scale: 'time',
      },
    ],
    progress: { seconds: 3600, modules: 3, medianModules: 40 },
    changed,
  };
}

function shown(verdict: Verdict | undefined): string {
  return verdict === undefined ? 'unknown' : `${verdict.cause} ${verdict.confidence}`;
}

test('a known cause decides, whatever the durations are', () => {
  const cases = [
    ['sumdb-mismatch', 'dependency.tamper high'],
    ['git-auth-failed', 'auth.credential medium'],
    ['proxy-forbidden', 'auth.credential medium'],
    ['proxy-not-found', 'dependency.missing medium'],
    ['proxy-5xx', 'environment.upstream medium'],
    ['dns-timeout', 'environment.upstream medium'],
    ['compile-error', 'code high'],
    ['disk-full', 'unknown'],
  ] as const;
  for (const [code, expected] of cases) {
    assert.equal(shown(judge({ ...quiet, root: finding(code) }, none)), expected, code);
  }
});

test('a time-out with completed stages as usual is the machine, not the code, however long its limit was', () => {
  const verdict = judge({ ...quiet, isTimedOut: true }, compared(1.2));
  assert.equal(shown(verdict), 'environment.runner medium');
  assert.match(
    verdict?.because ?? '',
    /download 12\.0 s, usually 10\.0 s \(9\.0 to 12\.0 s\), ratio 1\.20; all requests were answered; 3 modules after 3600 s, usually 40$/,
  );
});

test('a build that asked the proxy for nothing says so', () => {
  const verdict = judge({ ...quiet, files: 0, isTimedOut: true }, compared(1.2));
  assert.equal(shown(verdict), 'environment.runner low');
  assert.match(verdict?.because ?? '', /did not ask the proxy/);
});

test('a completed stage that was slower by half points to a change, and names what changed', () => {
  const verdict = judge({ ...quiet, isTimedOut: true }, compared(1.6, ['go.sum']));
  assert.equal(shown(verdict), 'code-or-dependency low');
  assert.match(verdict?.because ?? '', /ratio 1\.60; changed since the last good run: go\.sum$/);
});

test('what upstreams did goes before durations', () => {
  const verdict = judge({ ...quiet, stalls: 1, isTimedOut: true }, compared(3));
  assert.equal(shown(verdict), 'environment.upstream medium');
});

test('without a baseline that is said', () => {
  const verdict = judge({ ...quiet, isTimedOut: true }, none);
  assert.equal(shown(verdict), 'unbaselined low');
  assert.match(verdict?.because ?? '', /^no baseline: 1 good runs .* 3 are needed/);
});

test('a failure of which nothing is known stays unknown', () => {
  assert.equal(judge(quiet, compared(1)), undefined);
});
