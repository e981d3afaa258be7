import { statSync } from 'node:fs';
import { systemCode } from './disk-error.ts';
import { isProgramError, ProgramError } from './errors.ts';
import type { ErrorKind } from './errors.ts';

interface Meaning {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly hint?: string;
}

const NOT_EXECUTABLE: Meaning = {
  code: 'command-not-executable',
  kind: 'denied',
  hint: 'see whether it is a program for this machine and may be executed (`ls -l`)',
};

const MEANINGS: Readonly<Record<string, Meaning>> = {
  ENOENT: {
    code: 'command-not-found',
    kind: 'not-found',
    hint: 'install it, add its directory to PATH, or give its full path',
  },
  EACCES: NOT_EXECUTABLE,
  EPERM: NOT_EXECUTABLE,
  ENOEXEC: NOT_EXECUTABLE,
  EISDIR: NOT_EXECUTABLE,
  // An argument with a null byte.
  ERR_INVALID_ARG_VALUE: { code: 'command-not-started', kind: 'bad-input' },
  E2BIG: { code: 'command-not-started', kind: 'bad-input' },
};

/** For instance no memory or no process left for this user. */
const NOT_STARTED: Meaning = { code: 'command-not-started', kind: 'unavailable' };

/**
 * Names the program only: arguments may hold secrets. The system gives one and the same code for an
 * absent program and an absent working directory, so the directory is looked at.
 */
export function startError(program: string, directory: string, cause: unknown): ProgramError {
  if (isProgramError(cause)) return cause;
  if (!isDirectory(directory)) {
    return new ProgramError({
      code: 'directory-not-found',
      kind: 'not-found',
      message: `cannot start ${JSON.stringify(program)} in ${JSON.stringify(directory)}: there is no such directory`,
      details: { program, directory },
    });
  }
  const { code, kind, hint } = MEANINGS[systemCode(cause)] ?? NOT_STARTED;
  return new ProgramError({
    code,
    kind,
    message: `cannot start the program ${JSON.stringify(program)}`,
    cause,
    ...(hint === undefined ? {} : { hint }),
    details: { program },
  });
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

export function timeoutError(program: string, milliseconds: number): ProgramError {
  return new ProgramError({
    code: 'command-timeout',
    kind: 'timeout',
    message: `the program ${JSON.stringify(program)} did not end within ${milliseconds} ms and was stopped`,
    details: { program, milliseconds },
  });
}

export function outputError(program: string, limitBytes: number): ProgramError {
  return new ProgramError({
    code: 'command-output-too-large',
    kind: 'bad-input',
    message: `the program ${JSON.stringify(program)} wrote more than the ${limitBytes} bytes allowed and was stopped`,
    details: { program, limitBytes },
  });
}
