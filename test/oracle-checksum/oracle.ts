import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

export interface Oracle {
  ask(question: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

/** Builds and starts the Go program beside this file; it answers one line for one line. */
export async function startOracle(directory: string): Promise<Oracle> {
  const program = join(directory, 'oracle-checksum');
  const built = spawnSync('go', ['build', '-o', program, '.'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    env: { ...process.env, GOWORK: 'off', GOFLAGS: '' },
  });
  if (built.status !== 0) {
    throw new Error(`the oracle does not build: ${built.stderr}`);
  }
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting: ((line: string) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.(line));
  return {
    ask: (question) =>
      new Promise((resolve) => {
        waiting.push((line) => resolve(JSON.parse(line) as Record<string, unknown>));
        child.stdin.write(`${JSON.stringify(question)}\n`);
      }),
    close: async () => {
      child.stdin.end();
      if (child.exitCode === null) {
        await once(child, 'exit');
      }
    },
  };
}
