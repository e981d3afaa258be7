import type { ErrorKind } from './errors.ts';
import type { Migration, Row, Statement } from './database.ts';

/* What passes between the program and the thread that owns the SQLite connection. */

export interface SqliteThreadData {
  readonly file: string;
  readonly migrations: readonly Migration[];
  readonly busyMilliseconds: number;
}

export type SqliteTask =
  | { readonly kind: 'query'; readonly statement: Statement }
  | { readonly kind: 'execute'; readonly statement: Statement }
  | { readonly kind: 'transaction'; readonly statements: readonly Statement[] };

export interface SqliteRequest {
  readonly id: number;
  readonly task: SqliteTask | { readonly kind: 'close' };
}

/** The answer to the opening itself has the id 0. */
export type SqliteReply =
  | { readonly id: number; readonly rows: readonly Row[] }
  | { readonly id: number; readonly failure: SqliteFailure };

/** A ProgramError in a form that crosses threads. */
export interface SqliteFailure {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly message: string;
  readonly cause: string | undefined;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
}
