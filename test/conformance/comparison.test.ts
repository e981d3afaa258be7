import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, unexplainedFailures, type Expectation, type Run } from './comparison.ts';
import type { ScriptStatus, TestOutput } from './go-test-output.ts';

function output(scripts: Readonly<Record<string, ScriptStatus>>): TestOutput {
  return {
    scripts: new Map(Object.entries(scripts)),
    logs: new Map(),
    unfinished: [],
    complete: true,
  };
}

function run(
  relay: Record<string, ScriptStatus>,
  cofferdam: Record<string, ScriptStatus>,
  more: Partial<Run> = {},
): Run {
  return {
    relay: output(relay),
    cofferdam: output(cofferdam),
    direct: undefined,
    relayRequests: 100,
    serverDied: undefined,
    ...more,
  };
}

const expectation: Expectation = {
  exclusions: new Map([['mod_x', 'uses a path that only the fixture has']]),
  selected: ['mod_a', 'mod_b', 'mod_x'],
  minimumPassing: 1,
  whole: true,
};

function differences(given: Run, expected: Expectation = expectation): readonly string[] {
  return judge(given, expected).differences.map(({ kind, name }) => `${kind} ${name}`);
}

test('nothing differs when everything that passes through the relay passes through Cofferdam', () => {
  const judgement = judge(
    run(
      { mod_a: 'pass', mod_b: 'skip', mod_x: 'fail' },
      { mod_a: 'pass', mod_b: 'skip', mod_x: 'fail' },
    ),
    expectation,
  );
  assert.deepEqual(judgement, { passed: ['mod_a'], differences: [], notes: [] });
});

test('failing, skipped and missing scripts all differ when the relay passes them', () => {
  const relay = { mod_a: 'pass', mod_b: 'pass', mod_c: 'pass', mod_x: 'fail' } as const;
  assert.deepEqual(differences(run(relay, { mod_a: 'fail', mod_b: 'skip' })), [
    'fails mod_a',
    'fails mod_b',
    'fails mod_c',
  ]);
});

test('an exclusion that is no longer needed is a difference', () => {
  assert.deepEqual(
    differences(run({ mod_a: 'pass', mod_x: 'fail' }, { mod_a: 'pass', mod_x: 'pass' })),
    ['stale-exclusion mod_x'],
  );
  assert.deepEqual(
    differences(run({ mod_a: 'pass', mod_x: 'pass' }, { mod_a: 'pass', mod_x: 'fail' })),
    ['needless-exclusion mod_x'],
  );
});

test('what is refused on purpose may pass the relay, but not Cofferdam', () => {
  const refusing = { ...expectation, exclusions: new Map([['mod_x', 'Refused on purpose: why']]) };
  const kinds = (cofferdam: 'pass' | 'fail'): readonly string[] =>
    judge(
      run({ mod_a: 'pass', mod_x: 'pass' }, { mod_a: 'pass', mod_x: cofferdam }),
      refusing,
    ).differences.map(({ kind, name }) => `${kind} ${name}`);
  assert.deepEqual(kinds('fail'), []);
  assert.deepEqual(kinds('pass'), ['stale-exclusion mod_x']);
});

test('an excluded script that this Go does not have is only a note', () => {
  const judgement = judge(run({ mod_a: 'pass' }, { mod_a: 'pass' }), {
    ...expectation,
    selected: ['mod_a'],
  });
  assert.deepEqual(judgement.differences, []);
  assert.equal(judgement.notes.length, 1);
});

test('a script that only the relay fails tells that the relay is too strict', () => {
  const given = run(
    { mod_a: 'pass', mod_b: 'fail', mod_x: 'fail' },
    { mod_a: 'pass', mod_b: 'fail', mod_x: 'fail' },
  );
  assert.deepEqual(differences({ ...given, direct: output({ mod_b: 'pass' }) }), [
    'relay-too-strict mod_b',
  ]);
  const everywhere = judge({ ...given, direct: output({ mod_b: 'fail' }) }, expectation);
  assert.deepEqual(everywhere.differences, []);
  assert.match(everywhere.notes[0] ?? '', /mod_b/);
  assert.deepEqual(unexplainedFailures(given.relay, expectation.exclusions), ['mod_b']);
});

test('a run that sees too little does not pass', () => {
  assert.deepEqual(differences(run({}, {})), ['too-few selection']);
  const few = { ...expectation, minimumPassing: 2 };
  assert.deepEqual(differences(run({ mod_a: 'pass', mod_x: 'fail' }, { mod_a: 'pass' }), few), [
    'too-few selection',
  ]);
  assert.deepEqual(
    differences(run({ mod_a: 'pass', mod_x: 'fail' }, { mod_a: 'pass' }, { relayRequests: 0 })),
    ['unused-relay selection'],
  );
});

test('a test program that was cut off and a server that died are differences', () => {
  const cut = { ...output({ mod_a: 'pass' }), complete: false };
  const given = run(
    { mod_a: 'pass', mod_x: 'fail' },
    {},
    { cofferdam: cut, serverDied: 'SIGSEGV' },
  );
  assert.deepEqual(differences(given), ['cut-off run through Cofferdam', 'server-died Cofferdam']);
});
