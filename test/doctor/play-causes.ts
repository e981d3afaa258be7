import { spawn } from 'node:child_process';

export interface Sums {
  readonly passed: number;
  readonly failed: number;
}

const TESTS = new URL('../e2e/doctor-causes.test.ts', import.meta.url).pathname;

/** Each of test/doctor/causes.ts, in one process, which counts what it was told to play. */
export async function playCauses(): Promise<Sums> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--test', TESTS],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, COFFERDAM_EVERY_CAUSE: '1' },
    },
  );
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const passed = countOf(output, 'pass');
  const failed = Math.max(countOf(output, 'fail'), code === 0 && passed > 0 ? 0 : 1);
  if (failed > 0) process.stdout.write(output);
  return { passed, failed };
}

function countOf(output: string, word: string): number {
  return Number(new RegExp(`^ℹ ${word} (\\d+)$`, 'mu').exec(output)?.[1] ?? 0);
}
