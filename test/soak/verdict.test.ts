import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sample } from './soak.ts';
import type { TallyFigures } from './tally.ts';
import { judgeSoak } from './verdict.ts';

const fine: TallyFigures = {
  answers: 1000,
  kinds: {},
  wrong: 0,
  unexpected: 0,
  whileRestarting: 3,
  examples: [],
};

function atRest(minute: number, mebibytes: number, more: Partial<Sample> = {}): Sample {
  return {
    minute,
    ageMinutes: 5,
    atRest: true,
    answers: 1,
    processes: 1,
    pssBytes: mebibytes * 2 ** 20,
    openFiles: 30,
    sockets: 2,
    ...more,
  };
}

function failures(samples: readonly Sample[], tally: TallyFigures = fine): readonly string[] {
  const { lines } = judgeSoak({ samples, tally, restarts: 2 }, 5);
  return lines.filter((line) => line.startsWith('MISS'));
}

test('memory is compared with the rest after ten minutes, at the same age', () => {
  const early = [atRest(5, 80), atRest(10, 120)];
  assert.deepEqual(failures([...early, atRest(15, 130)]), []);
  assert.equal(failures([...early, atRest(15, 139)]).length, 1);
  assert.deepEqual(failures([...early, atRest(12, 400, { ageMinutes: 1 })]), []);
  assert.deepEqual(failures([...early, atRest(12, 400, { atRest: false })]), []);
});

test('one wrong body, one unexpected error or one more open file is a failure', () => {
  const samples = [atRest(10, 100), atRest(20, 100)];
  assert.match(failures(samples, { ...fine, wrong: 1 }).join(), /1 wrong of 1000/);
  assert.match(failures(samples, { ...fine, unexpected: 1 }).join(), /1 unexpected/);
  assert.match(
    failures([atRest(10, 100), atRest(20, 100, { openFiles: 31 })]).join(),
    /30 then, 31/,
  );
});

test('a soak without answers or without a rest proves nothing', () => {
  assert.equal(failures([], { ...fine, answers: 0 }).length, 3);
});
