import { isProgramError, ProgramError } from './errors.ts';
import type { ErrorKind } from './errors.ts';
import type { SqliteFailure } from './sqlite-messages.ts';

interface Meaning {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly hint?: string;
}

const BUSY: Meaning = {
  code: 'database-busy',
  kind: 'unavailable',
  hint: 'another program holds the database for long; try again when it has finished',
};

const DAMAGED: Meaning = {
  code: 'database-damaged',
  kind: 'unavailable',
  hint: 'stop every program that uses this store, move the file and those named like it with -wal and -shm away, and start again: it is rebuilt from the store',
};

const DENIED: Meaning = {
  code: 'disk-denied',
  kind: 'denied',
  hint: 'see who owns the file and its directory and whether their file system is mounted read-only',
};

/** Primary result codes of SQLite: https://www.sqlite.org/rescode.html */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  3: DENIED,
  5: BUSY,
  6: BUSY,
  8: DENIED,
  10: { code: 'disk-failed', kind: 'unavailable' },
  11: DAMAGED,
  13: {
    code: 'disk-full',
    kind: 'full',
    hint: 'free some space on the file system that holds the database',
  },
  14: DENIED,
  19: { code: 'database-constraint', kind: 'conflict' },
  26: DAMAGED,
};

/** What is left is SQL that SQLite does not accept, and that is ours. */
const WRONG_STATEMENT: Meaning = { code: 'database-failed', kind: 'bug' };

/** The low byte of an extended result code is the primary one. */
export function sqliteCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

/** `details` must hold no parameter values: they may be secret. */
export function sqliteError(
  message: string,
  cause: unknown,
  details: Readonly<Record<string, unknown>>,
): ProgramError {
  if (isProgramError(cause)) return cause;
  const { code, kind, hint } = MEANINGS[sqliteCode(cause) ?? 0] ?? WRONG_STATEMENT;
  return new ProgramError({
    code,
    kind,
    message,
    cause,
    details,
    ...(hint === undefined ? {} : { hint }),
  });
}

export function toFailure(error: unknown): SqliteFailure {
  const known = sqliteError('the database failed', error, {});
  const { cause } = known;
  return {
    code: known.code,
    kind: known.kind,
    message: known.message,
    cause: cause instanceof Error ? cause.message : undefined,
    hint: known.hint,
    details: known.details,
  };
}

export function fromFailure(failure: SqliteFailure): ProgramError {
  return new ProgramError({
    code: failure.code,
    kind: failure.kind,
    message: failure.message,
    details: failure.details,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    ...(failure.cause === undefined ? {} : { cause: new Error(failure.cause) }),
  });
}
