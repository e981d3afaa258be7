// `npm run check`: everything a change needs before it is shown to others, side by side, in seconds.
// Says something only about what failed, and one line at the end.
import { spawn } from 'node:child_process';

interface Outcome {
  readonly name: string;
  readonly code: number;
  readonly output: string;
  readonly seconds: number;
}

function tool(name: string, ...rest: readonly string[]): readonly string[] {
  return [process.execPath, `node_modules/.bin/${name}`, ...rest];
}

const checks: Readonly<Record<string, readonly string[]>> = {
  types: tool('tsc', '--project', '.'),
  lint: tool('oxlint', '--deny-warnings', '.'),
  format: tool('oxfmt', '--check', '.'),
  // The reader of imports does not know `using`, which tests and benchmarks may use; their imports are
  // test/repository's affair.
  architecture: tool('depcruise', 'src', '--config', '.dependency-cruiser.mjs'),
  'unused code': tool('knip', '--no-config-hints'),
  units: ['sh', 'scripts/units.sh', '--test-reporter=dot'],
};

async function run(name: string, command: readonly string[]): Promise<Outcome> {
  const started = performance.now();
  const [program = '', ...rest] = command;
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
  const code = await new Promise<number>((resolve) => {
    child.on('close', (exit) => {
      resolve(exit ?? 1);
    });
  });
  return { name, code, output, seconds: (performance.now() - started) / 1000 };
}

const asked = process.argv.slice(2);
const chosen = Object.entries(checks).filter(
  ([name]) => asked.length === 0 || asked.includes(name),
);
const outcomes = await Promise.all(
  chosen.map(async ([name, command]) => {
    const outcome = await run(name, command);
    if (outcome.code !== 0) console.log(`--- ${name} ---\n${outcome.output.trimEnd()}\n`);
    return outcome;
  }),
);
const failed = outcomes.filter((outcome) => outcome.code !== 0);
const times = outcomes.map((outcome) => `${outcome.name} ${outcome.seconds.toFixed(1)}s`);
console.log(times.join(', '));
console.log(
  `check: ${outcomes.length - failed.length} passed, ${failed.length} failed` +
    (failed.length > 0 ? ` (${failed.map((outcome) => outcome.name).join(', ')})` : ''),
);
process.exitCode = failed.length > 0 || outcomes.length === 0 ? 1 : 0;
