// `npm test`, and with `--long` `npm run test:long`: the stages one after the other, each to its end
// also when an earlier one failed, then one line `N passed, N failed` that sums their tests.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';

interface Stage {
  readonly name: string;
  readonly command: readonly string[];
  /** The stage runs when this matches a file: parts of the tree are still to come. */
  readonly when: string;
}

/** What proves a change; within twenty minutes on two cores. */
const short: readonly Stage[] = [
  { name: 'check', command: ['sh', 'scripts/node.sh', 'scripts/check.ts'], when: 'src/**/*.ts' },
  { name: 'end to end', command: suite('test:e2e'), when: 'test/e2e/**/*.test.ts' },
  { name: 'repository', command: suite('test:repository'), when: 'test/repository/**/*.test.ts' },
  { name: 'oracle', command: suite('test:oracle'), when: 'test/oracle*/**/*.test.ts' },
  { name: 'conformance', command: suite('test:conformance'), when: 'test/conformance/run.ts' },
];

/** What repeats by the hundred. */
const long: readonly Stage[] = [
  { name: 'module caches', command: suite('test:modcache'), when: 'test/modcache/run.ts' },
  { name: 'guarded children', command: suite('test:guard'), when: 'test/guard/run.ts' },
  {
    name: 'guarded builds',
    command: suite('test:guard-faults'),
    when: 'test/guard-faults/run.ts',
  },
  {
    name: 'mini-guard',
    command: suite('test:mini-guard'),
    when: 'test/mini-guard/mini-guard.test.ts',
  },
  { name: 'doctor', command: suite('test:doctor'), when: 'test/doctor/run.ts' },
  {
    name: 'single file',
    command: suite('test:single-file'),
    when: 'test/single-file/single-file.test.ts',
  },
];

function suite(script: string): readonly string[] {
  return ['npm', 'run', '--silent', script];
}

interface Sums {
  readonly passed: number;
  readonly failed: number;
}

/** What a stage said of itself: node's own `ℹ pass 3`, or a line `3 passed, 0 failed`. */
function sumsOf(output: string, code: number): Sums {
  const passed = last(output, /^ℹ pass (\d+)$/gm) ?? last(output, /\b(\d+) passed\b/g) ?? 0;
  const failed = last(output, /^ℹ fail (\d+)$/gm) ?? last(output, /\b(\d+) failed\b/g) ?? 0;
  // A stage that dies, or that ran nothing, has failed whatever it counted.
  if (code !== 0 || passed + failed === 0) return { passed, failed: Math.max(failed, 1) };
  return { passed, failed };
}

function last(output: string, pattern: RegExp): number | undefined {
  const found = [...output.matchAll(pattern)].at(-1)?.[1];
  return found === undefined ? undefined : Number(found);
}

async function run(stage: Stage): Promise<Sums> {
  console.log(`\n=== ${stage.name} ===`);
  const start = performance.now();
  const [program = '', ...rest] = stage.command;
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => {
    output += bytes.toString();
    process.stdout.write(bytes);
  });
  const code = await new Promise<number>((resolve) => {
    child.on('close', (exit) => {
      resolve(exit ?? 1);
    });
  });
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(`=== ${stage.name} took ${seconds} s ===`);
  return sumsOf(output, code);
}

let passed = 0;
const failed: string[] = [];
let failures = 0;
if (spawnSync('go', ['version']).status !== 0) {
  console.error('error: go is not on PATH; the end-to-end tests build with the real one');
  failed.push('go');
  failures += 1;
}
for (const stage of process.argv.includes('--long') ? long : short) {
  if (globSync(stage.when).length === 0 && !existsSync(stage.when)) {
    console.log(`\n=== ${stage.name} === nothing here yet`);
    continue;
  }
  const sums = await run(stage);
  passed += sums.passed;
  failures += sums.failed;
  if (sums.failed > 0) failed.push(stage.name);
}
if (failed.length > 0) console.log(`\nfailed: ${failed.join(', ')}`);
console.log(`\n${passed} passed, ${failures} failed`);
process.exitCode = failures > 0 || passed === 0 ? 1 : 0;
