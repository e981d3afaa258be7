import { isProgramError, ProgramError } from './errors.ts';
import type { ErrorKind } from './errors.ts';

/** A name that cannot exist is as absent as one that does not: nothing was ever stored under it. */
const ABSENT_CODES: ReadonlySet<string> = new Set([
  'ENOENT',
  'ENOTDIR',
  'ENAMETOOLONG',
  'ELOOP',
  // A path with a null byte.
  'ERR_INVALID_ARG_VALUE',
]);

interface Meaning {
  readonly code: string;
  readonly kind: ErrorKind;
  /** Said instead of the system's own words. */
  readonly because?: string;
  readonly hint?: string;
}

const FULL: Meaning = {
  code: 'disk-full',
  kind: 'full',
  hint: 'free some space on that file system, raise its quota, or choose another directory',
};

const DENIED: Meaning = {
  code: 'disk-denied',
  kind: 'denied',
  hint: 'see who owns that path and whether its file system is mounted read-only, or choose another directory',
};

const TOO_MANY_FILES: Meaning = {
  code: 'disk-failed',
  kind: 'unavailable',
  hint: 'the limit of open files is reached: raise it (`ulimit -n`) or lower the number of connections',
};

const MEANINGS: Readonly<Record<string, Meaning>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EROFS: DENIED,
  EACCES: DENIED,
  EPERM: DENIED,
  EMFILE: TOO_MANY_FILES,
  ENFILE: TOO_MANY_FILES,
  EXDEV: {
    code: 'disk-failed',
    kind: 'unavailable',
    hint: 'both paths must lie on one file system, because only there a rename is atomic',
  },
  EISDIR: {
    code: 'not-a-file',
    kind: 'bad-input',
    because: 'it is a directory, not a file',
    hint: 'name a file in it',
  },
  EEXIST: { code: 'file-exists', kind: 'conflict' },
};

const FAILED: Meaning = { code: 'disk-failed', kind: 'unavailable' };

/** A system call's error as threads tell it to each other. */
export interface SystemFailure {
  readonly code: string;
  readonly syscall: string;
  readonly message: string;
}

/** Throws what is no error at all. */
export function toSystemFailure(error: unknown): SystemFailure {
  if (!(error instanceof Error)) throw error;
  const syscall = 'syscall' in error && typeof error.syscall === 'string' ? error.syscall : '';
  return { code: systemCode(error), syscall, message: error.message };
}

export function isAbsent(error: unknown): boolean {
  return ABSENT_CODES.has(systemCode(error));
}

export function systemCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** `doing` completes “cannot …”, for instance “write”. */
export function diskError(doing: string, path: string, cause: unknown): ProgramError {
  if (isProgramError(cause)) return cause;
  const systemError = systemCode(cause);
  const { code, kind, because, hint } = MEANINGS[systemError] ?? FAILED;
  const what = `cannot ${doing} ${JSON.stringify(path)}`;
  return new ProgramError({
    code,
    kind,
    message: because === undefined ? what : `${what}: ${because}`,
    ...(because === undefined ? { cause } : {}),
    ...(hint === undefined ? {} : { hint }),
    details: { path, systemError },
  });
}

/** What is not there gives undefined; every other error says what was done with which path. */
export async function unlessAbsent<T>(
  what: string,
  path: string,
  call: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw diskError(what, path, error);
  }
}
