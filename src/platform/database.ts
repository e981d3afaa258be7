/** The relational database that holds facts. SQL lives in the feature that owns the table. */
export interface Database {
  /** Named parameters are `:name`. */
  query(sql: string, parameters?: Parameters): Promise<readonly Row[]>;
  execute(sql: string, parameters?: Parameters): Promise<void>;
  /** All or nothing, in order. */
  transaction(statements: readonly Statement[]): Promise<void>;
  close(): Promise<void>;
}

export type Value = string | number | bigint | Uint8Array | null;
export type Parameters = Readonly<Record<string, Value>>;
export type Row = Readonly<Record<string, Value>>;

export interface Statement {
  readonly sql: string;
  readonly parameters?: Parameters;
}

/** Numbered from 1 without gaps, applied once each, at start, under a lock. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}
