// `npm run test:wrappings -- [RUNS] [SEED]`: whatever is put around a log must not change what is told of it.
import { join } from 'node:path';
import { createSeeded } from '../support/seeded.ts';
import type { SeededRandom } from '../support/seeded.ts';
import { readLabelledLogs } from '../failure-eval/labelled-logs.ts';
import { createTeller, isSame } from './same-answer.ts';
import { wrappings } from './wrappings.ts';
import type { Wrapping } from './wrappings.ts';

/** Share of the wrapped logs that may be told otherwise. */
const SLACK = 0.005;
const [runs = '5000', seed = '1'] = process.argv.slice(2);
const tell = createTeller();
const logs = readLabelledLogs(join(import.meta.dirname, '..', 'failure-eval', 'logs', 'train'));

function pick<T>(random: SeededRandom, all: readonly T[]): T {
  return all[random.whole(all.length)] as T;
}

/** From the inside to the outside: a tool, what else is said, a system or one in another, a file. */
function chainOf(random: SeededRandom): readonly (readonly [string, Wrapping])[] {
  const groups = ['tools', 'surroundings', 'prefixes', 'prefixes', 'carriers'];
  return groups
    .filter(() => random.whole(2) === 0)
    .map((group) => pick(random, Object.entries(wrappings[group] ?? {})))
    .filter(([name]) => name !== 'in the middle of much');
}

function main(): number {
  const random = createSeeded(seed);
  let different = 0;
  for (let run = 0; run < Number(runs); run += 1) {
    const { name, log } = pick(random, logs);
    const chain = chainOf(random);
    const told = tell(log);
    const wrapped = tell(chain.reduce((text, [, wrap]) => wrap(text, random), log));
    if (isSame(told, wrapped)) continue;
    different += 1;
    const how = chain.map(([wrapping]) => wrapping).join(' > ');
    console.log(
      `${name} in ${how}: ${told.id} became ${wrapped.id}: ${wrapped.proof.slice(0, 100)}`,
    );
  }
  console.log(`${Number(runs) - different} passed, ${different} failed`);
  return different <= SLACK * Number(runs) ? 0 : 1;
}

process.exitCode = main();
