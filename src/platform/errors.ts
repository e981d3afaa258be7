/**
 * What went wrong, as a closed set: the HTTP layer maps each kind to a status and the command line
 * to an exit code, each in one table. Only `bug` prints a stack and asks for a report.
 */
export type ErrorKind =
  | 'bad-input'
  | 'not-found'
  | 'denied'
  | 'unavailable'
  | 'timeout'
  | 'verification-failed'
  | 'conflict'
  | 'full'
  | 'bug';

export interface ProgramErrorParts {
  /** Stable and documented in docs/errors.md, e.g. `upstream-unreachable`. */
  readonly code: string;
  readonly kind: ErrorKind;
  /** What was being done, in one sentence without a period; never repeats the cause's text. */
  readonly message: string;
  readonly cause?: unknown;
  /** The next step, as a sentence the reader can act on. */
  readonly hint?: string;
  /** Facts for machines; must hold no secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The one error class of the program (design 1.7). */
export class ProgramError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(parts: ProgramErrorParts) {
    super(parts.message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = 'ProgramError';
    this.code = parts.code;
    this.kind = parts.kind;
    this.hint = parts.hint;
    this.details = parts.details ?? {};
  }
}

/** True for errors that a caller may show as they are; anything else is our bug. */
export function isProgramError(error: unknown): error is ProgramError {
  return error instanceof ProgramError;
}
