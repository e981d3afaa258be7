import { constants } from 'node:os';

/** The exit codes that `run` adds to those of the child (interface.md section 2). */
export const exitCodes = {
  timedOut: 124,
  guardFailed: 125,
  notExecutable: 126,
  notFound: 127,
} as const;

/** With `--classify-exit`, what a failed child gives instead of its own code. */
export const classifiedExitCodes = {
  transient: 75,
  denied: 77,
  /** Of Go or the network. */
  configuration: 78,
} as const;

/** How a child ended. */
export interface Ending {
  readonly code: number | undefined;
  readonly signal: string | undefined;
}

/** The child's own code, or 128 plus the number of the signal that ended it, as shells do. */
export function exitCodeOf(ending: Ending): number {
  if (ending.code !== undefined) return ending.code;
  return ending.signal === undefined ? exitCodes.guardFailed : exitCodeOfSignal(ending.signal);
}

const STOPPED: ReadonlySet<number> = new Set(
  ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'].map(exitCodeOfSignal),
);

/** Of a command that was asked to stop. */
export function isStop(exitCode: number): boolean {
  return STOPPED.has(exitCode);
}

export function exitCodeOfSignal(signal: string): number {
  const numbers = new Map<string, number>(Object.entries(constants.signals));
  const number = numbers.get(signal);
  return number === undefined ? exitCodes.guardFailed : 128 + number;
}
