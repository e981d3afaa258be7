import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Judgement, Run } from './comparison.ts';
import { namesWith, type TestOutput } from './go-test-output.ts';

/** When everything fails, the first hundred logs tell why. */
const maximumLogFiles = 100;

/** One line: what came of the scripts behind one proxy. */
export function summaryLine(title: string, output: TestOutput): string {
  const [passed, failed, skipped] = (['pass', 'fail', 'skip'] as const).map(
    (status) => namesWith(output, status).length,
  );
  return `${title.padEnd(12)} ${passed ?? 0} passed, ${failed ?? 0} failed, ${skipped ?? 0} skipped`;
}

export async function writeLogs(directory: string, output: TestOutput): Promise<void> {
  if (output.logs.size === 0) return;
  await mkdir(directory, { recursive: true });
  for (const [name, log] of [...output.logs].slice(0, maximumLogFiles)) {
    await writeFile(join(directory, `${name}.log`), log);
  }
}

export interface JsonRun {
  readonly relay: Readonly<Record<string, string>>;
  readonly cofferdam: Readonly<Record<string, string>>;
  readonly relayRequests: number;
  readonly judgement: Judgement;
}

export function jsonRun(run: Run, judgement: Judgement): JsonRun {
  return {
    relay: Object.fromEntries(run.relay.scripts),
    cofferdam: Object.fromEntries(run.cofferdam.scripts),
    relayRequests: run.relayRequests,
    judgement,
  };
}
