import type { Clock, Files, Locks, Processes, Random } from '../platform/index.ts';
import type { WorkerProcesses } from '../platform/workers/index.ts';
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
  /** Where log lines go: a terminal that somebody reads, and whether it shows colours. */
  readonly log: { readonly isTerminal: boolean; readonly color: boolean };
  readonly clock: Clock;
  readonly random: Random;
  readonly files: Files;
  readonly locks: Locks;
  readonly processes: Processes;
  /** For `serve` with more than one. */
  readonly workerProcesses: WorkerProcesses;
}

export function createProgramContext(
  facts: Pick<ProgramContext, 'version' | 'directory' | 'environment' | 'log' | 'workerProcesses'>,
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
