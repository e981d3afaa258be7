import type { Clock, Files, Locks, Processes, Random } from '../platform/index.ts';
import {
  createDiskFiles,
  createFileLocks,
  createProcesses,
  createSystemClock,
  createSystemRandom,
} from '../platform/adapters.ts';

/** What the process was started with, and the adapters that every command shares. */
export interface ProgramContext {
  readonly version: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly random: Random;
  readonly files: Files;
  readonly locks: Locks;
  readonly processes: Processes;
}

export function createProgramContext(
  facts: Pick<ProgramContext, 'version' | 'directory' | 'environment'>,
): ProgramContext {
  const files = createDiskFiles();
  return {
    ...facts,
    files,
    clock: createSystemClock(),
    random: createSystemRandom(),
    locks: createFileLocks({ files }),
    processes: createProcesses(),
  };
}
