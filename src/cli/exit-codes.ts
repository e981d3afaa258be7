import { isProgramError } from '../platform/index.ts';
import type { ErrorKind } from '../platform/index.ts';

/** Exit codes of our own commands; `run` otherwise passes the child's code through. */
export const exitCodes = {
  fine: 0,
  failure: 1,
  usage: 2,
  nothing: 3,
  unavailable: 69,
  bug: 70,
  transient: 75,
  denied: 77,
} as const;

const byKind: Readonly<Record<ErrorKind, number>> = {
  'bad-input': exitCodes.usage,
  'not-found': exitCodes.failure,
  denied: exitCodes.denied,
  unavailable: exitCodes.unavailable,
  timeout: exitCodes.transient,
  'verification-failed': exitCodes.failure,
  conflict: exitCodes.failure,
  full: exitCodes.failure,
  bug: exitCodes.bug,
};

/** What passes by itself although others of its kind do not. */
const byCode: Readonly<Record<string, number>> = {
  'store-busy': exitCodes.transient,
};

export function exitCodeFor(error: unknown): number {
  return isProgramError(error) ? (byCode[error.code] ?? byKind[error.kind]) : exitCodes.bug;
}
