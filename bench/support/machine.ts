import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { runToEnd } from './child.ts';

/** What the figures hold for; no path and no host name. */
export async function describeMachine(): Promise<readonly string[]> {
  const go = await firstLine(['go', 'version']);
  const nginx = await firstLine(['nginx', '-v']);
  // wrk says its version only together with its usage, and then ends with 1.
  return [
    `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB of memory`,
    `Linux ${release()}, Node ${process.versions.node}, ${go}, ${nginx}`,
  ];
}

async function firstLine(command: readonly string[]): Promise<string> {
  const { output } = await runToEnd(command, '.').catch(() => ({
    output: `no ${command[0] ?? ''}`,
  }));
  return output.split('\n')[0] ?? '';
}
