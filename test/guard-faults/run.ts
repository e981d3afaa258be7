// `npm run test:guard-faults`: guarded builds against an upstream that fails, hangs and cuts (usage:
// --builds N --plain N --modules N --share 0.03 --seed TEXT --program FILE).
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { guardCommand } from '../support/guard-command.ts';
import { measureBuilds } from './builds.ts';
import { playCases } from './cases.ts';
import { createGround } from './ground.ts';

const { values } = parseArgs({
  options: {
    builds: { type: 'string', default: '100' },
    plain: { type: 'string', default: '100' },
    modules: { type: 'string', default: '300' },
    share: { type: 'string', default: '0.03' },
    program: { type: 'string' },
    seed: { type: 'string', default: 'three in a hundred' },
  },
});

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** What hangs is reached at once in a small program, so that only the wait is measured. */
const SMALL_PROGRAM = 8;

const guard = guardCommand(values.program);
const ground = await createGround(tmpdir(), Number(values.modules), guard);
const small = await createGround(tmpdir(), SMALL_PROGRAM, guard);
try {
  // Fills the build cache, and shows that the program builds at all.
  const sound = await ground.startOrigin('sound', []);
  const first = await ground.run(['go', 'build', '-o', '/dev/null', '.'], {
    upstream: sound.url,
    limitMilliseconds: 600_000,
  });
  await sound.close();
  if (first.code !== 0) throw new Error(`the program does not build: ${first.stderr}`);

  const played = await playCases(small, tell);
  const { text, ...figures } = await measureBuilds(ground, {
    rounds: Number(values.builds),
    plainRounds: Number(values.plain),
    share: Number(values.share),
    seed: values.seed,
    tell,
  });
  if (text !== '') tell(text);
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  process.stdout.write(
    `${figures.guarded} of ${figures.rounds} guarded builds, ` +
      `${figures.plain} of ${figures.plainRounds} by go alone\n`,
  );
  const missed = played.filter(({ problems }) => problems.length > 0).length;
  const failed = missed + figures.rounds - figures.guarded;
  process.stdout.write(`${played.length + figures.rounds - failed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 && figures.rounds > 0 ? 0 : 1;
} finally {
  await small.close();
  await ground.close();
}
