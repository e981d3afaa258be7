import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSeeded } from '../support/seeded.ts';
import { readLabelledLogs } from '../failure-eval/labelled-logs.ts';
import { createTeller, isSame } from './same-answer.ts';
import { wrappings } from './wrappings.ts';

const logs = readLabelledLogs(join(import.meta.dirname, '..', 'failure-eval', 'logs', 'train'));
/** Sixty thousand lines: one run takes as long as a hundred others. */
const SLOW = new Set(['in the middle of much']);
const RUNS = 120;
/** In a text without line breaks a system that nobody described can hide what belongs together. */
const MOST_DIFFERENT = 3;

function named(group: string): fc.Arbitrary<string> {
  const names = Object.keys(wrappings[group] ?? {}).filter((name) => !SLOW.has(name));
  return fc.constantFrom(...names);
}

/** Some of the four kinds, from the inside to the outside; a system within a system too. */
const chains = fc
  .record({
    tools: fc.option(named('tools')),
    surroundings: fc.option(named('surroundings')),
    prefixes: fc.option(named('prefixes')),
    carriers: fc.option(named('carriers')),
  })
  .map((chosen) =>
    Object.entries(chosen).flatMap(([group, name]) => (name === null ? [] : [{ group, name }])),
  );

test('a cause and its proof stay the same, whatever build systems put around a log', () => {
  const tell = createTeller();
  const different: string[] = [];
  fc.assert(
    fc.property(fc.nat(logs.length - 1), chains, fc.string(), (index, chain, seed) => {
      const { name, log } = logs[index] ?? { name: '', log: '' };
      const random = createSeeded(seed);
      const wrapped = chain.reduce(
        (text, { group, name: wrapping }) => wrappings[group]?.[wrapping]?.(text, random) ?? text,
        log,
      );
      if (isSame(tell(log), tell(wrapped))) return;
      different.push(`${name} in ${chain.map((one) => one.name).join(' > ')}`);
    }),
    { numRuns: RUNS, seed: 20_251_121 },
  );
  assert.ok(different.length <= MOST_DIFFERENT, different.join('\n'));
});

test('every wrapping by itself changes nothing', () => {
  const tell = createTeller();
  const bare = logs.map(({ log }) => tell(log));
  const different: string[] = [];
  let turn = 0;
  for (const [group, all] of Object.entries(wrappings)) {
    for (const [name, wrap] of Object.entries(all)) {
      if (SLOW.has(name)) continue;
      turn += 1;
      // Other logs for each, so that all have their turn.
      for (let index = turn % 101; index < logs.length; index += 101) {
        const [labelled, told] = [logs[index], bare[index]];
        if (labelled === undefined || told === undefined) continue;
        const wrapped = wrap(labelled.log, createSeeded(`${name} ${index}`));
        if (!isSame(told, tell(wrapped))) different.push(`${labelled.name} in ${group}: ${name}`);
      }
    }
  }
  assert.ok(different.length <= MOST_DIFFERENT, different.join('\n'));
});

test('a cause in the middle of much is found', () => {
  const tell = createTeller();
  const wrap = wrappings['surroundings']?.['in the middle of much'];
  for (const { log } of logs.slice(0, 3)) {
    const wrapped = wrap?.(log, createSeeded('much')) ?? '';
    assert.ok(wrapped.length > 2_000_000);
    assert.deepEqual(tell(wrapped), tell(log));
  }
});
