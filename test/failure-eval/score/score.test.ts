import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LabelledLog } from '../labelled-logs.ts';
import { judgeFigures } from './bars.ts';
import { figuresOf, scoreLog } from './score.ts';
import type { Answer, Expectations } from './score.ts';

const IDS: Readonly<Record<string, readonly [string, string]>> = {
  refused: ['tcp', 'transient-then-permanent'],
  reset: ['tcp', 'transient'],
  typo: ['own-files', 'permanent'],
  missing: ['go-sum', 'permanent'],
};
const expect: Expectations = { classOf: (id) => IDS[id]?.[0], retryOf: (id) => IDS[id]?.[1] };

function log(id: string, more: Partial<LabelledLog['truth']> = {}): LabelledLog {
  return { name: id, truth: { id, evidence: [`proof of ${id}`], ...more }, log: '' };
}

function says(id: string | undefined, evidence?: string): Answer {
  return {
    id,
    evidence: id === undefined ? [] : [evidence ?? `go: proof of ${id}, indeed`],
    retry: id === undefined ? undefined : IDS[id]?.[1],
  };
}

const LOGS = ['refused', 'reset', 'typo', 'missing'].map((id) => log(id));

test('a classifier that is always right passes every bar', () => {
  const scored = LOGS.map((one) => scoreLog(one, says(one.truth.id), expect));
  const figures = figuresOf(scored, expect);
  assert.equal(figures.top1, 1);
  assert.equal(figures.macroF1, 1);
  assert.ok(judgeFigures(figures, 'own').every(({ passed }) => passed));
});

test('planted wrong labels are found, by every figure that they concern', () => {
  const planted = LOGS.map((one) =>
    scoreLog(
      { ...one, truth: { ...one.truth, id: 'typo', evidence: ['else'] } },
      says(one.truth.id),
      expect,
    ),
  );
  const figures = figuresOf(planted, expect);
  assert.equal(figures.top1, 0.25);
  assert.equal(figures.precision, 0.25);
  assert.equal(figures.evidence, 0);
  assert.equal(figures.falseTransient, 0.25);
  const failed = judgeFigures(figures, 'own').filter(({ passed }) => !passed);
  assert.deepEqual(
    failed.map(({ name }) => name),
    [
      'top-1',
      'macro F1 over classes',
      'evidence line',
      'retry verdict',
      'false "transient" on permanent',
      'precision of given answers',
    ],
  );
});

test('who says nothing is precise about nothing and covers nothing', () => {
  const figures = figuresOf(
    LOGS.map((one) => scoreLog(one, says(undefined), expect)),
    expect,
  );
  assert.equal(figures.coverage, 0);
  assert.equal(figures.precision, 0);
  assert.equal(figures.macroF1, 0);
});

test('an abstention costs coverage and top-1, not precision', () => {
  const scored = LOGS.map((one, index) =>
    scoreLog(one, says(index === 0 ? undefined : one.truth.id), expect),
  );
  const figures = figuresOf(scored, expect);
  assert.equal(figures.coverage, 0.75);
  assert.equal(figures.top1, 0.75);
  assert.equal(figures.precision, 1);
});

test('a second id that is listed is right, and without one verdict the retry does not count', () => {
  const both = log('refused', { also: ['reset'] });
  const scored = scoreLog(both, says('reset', 'proof of refused'), expect);
  assert.ok(scored.right);
  assert.equal(scored.expectedRetry, undefined);
  assert.equal(figuresOf([scored], expect).macroF1OfIds, 1);
});

test('the verdict of the truth goes before that of the catalogue', () => {
  const scored = scoreLog(log('reset', { retry: 'permanent' }), says('reset'), expect);
  assert.equal(figuresOf([scored], expect).falseTransient, 1);
  assert.equal(figuresOf([scored], expect).retry, 0);
});

test('evidence is the first line shown, whatever its colours, escapes and spaces', () => {
  const one = log('typo', { evidence: ['Get "https://a.test/x":  EOF'] });
  const right = (shown: readonly string[]): boolean =>
    scoreLog(one, { id: 'typo', evidence: shown, retry: 'permanent' }, expect).evidenceRight;
  assert.ok(right(['\u001B[31mgo: Get \\"https://a.test/x\\": EOF\u001B[0m']));
  assert.ok(!right(['go: something else', 'Get "https://a.test/x": EOF']));
  assert.ok(!right([]));
});

test('a line whose secret was hidden is still the line', () => {
  const one = {
    ...log('typo', { evidence: ['Get "https://a.test/?next=go": Forbidden'] }),
    log: 'first\ngo: Get "https://a.test/?next=go": Forbidden\n',
  };
  const right = (shown: string): boolean =>
    scoreLog(one, { id: 'typo', evidence: [shown], retry: 'permanent' }, expect).evidenceRight;
  assert.ok(right('go: Get "https://a.test/?next=[hidden]: Forbidden'));
  assert.ok(!right('fir[hidden]'));
});

test('the mean over classes does not let a large class hide a small one', () => {
  const many = Array.from({ length: 99 }, () => scoreLog(log('reset'), says('reset'), expect));
  const one = scoreLog(log('missing'), says('reset'), expect);
  const figures = figuresOf([...many, one], expect);
  assert.ok(figures.top1 > 0.98);
  assert.ok(figures.macroF1 < 0.5);
});
