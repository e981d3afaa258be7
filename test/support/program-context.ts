import { createProgramContext } from '../../src/app/program-context.ts';
import type { ProgramContext } from '../../src/app/program-context.ts';
import { createWorkerProcesses } from '../../src/platform/adapters.ts';

/** What a command has when it is called in this process: a start of the program takes much longer. */
export function programContext(
  directory: string,
  environment: Readonly<Record<string, string>>,
): ProgramContext {
  return createProgramContext({
    version: 'test',
    directory,
    environment,
    log: { isTerminal: false, color: false },
    workerProcesses: createWorkerProcesses({ file: '', words: [], flags: [] }),
  });
}
