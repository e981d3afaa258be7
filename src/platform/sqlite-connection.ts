import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Parameters, Row, Statement, Value } from './database.ts';
import { ProgramError } from './errors.ts';
import { sqliteCode, sqliteError } from './sqlite-error.ts';
import type { SqliteTask, SqliteThreadData } from './sqlite-messages.ts';
import { migrate } from './sqlite-migrations.ts';

/** Features have a few dozen statements; a list this long means that values are pasted into SQL. */
const PREPARED_LIMIT = 300;
/** Between two tries to switch a fresh file to write-ahead logging while another program does the same. */
const SWITCH_PAUSE_MILLISECONDS = 20;

export interface SqliteConnection {
  run(task: SqliteTask): readonly Row[];
  close(): void;
}

/** Synchronous: belongs in a thread of its own. */
export function openSqliteConnection(settings: SqliteThreadData): SqliteConnection {
  const { file, migrations, busyMilliseconds } = settings;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, {
      timeout: busyMilliseconds,
      enableForeignKeyConstraints: true,
      readBigInts: true,
    });
    switchToWriteAheadLog(database, busyMilliseconds);
    // With write-ahead logging NORMAL survives a crash of the program; a power cut may lose the last
    // commits, never the file, and the database can be rebuilt from the store.
    database.exec('PRAGMA synchronous = NORMAL');
    migrate(database, file, migrations);
  } catch (error) {
    database?.close();
    throw sqliteError(`cannot open the database ${JSON.stringify(file)}`, error, { file });
  }
  return createConnection(database);
}

/** SQLite answers “busy” to this without waiting for the time allowed, so the waiting is done here. */
function switchToWriteAheadLog(database: DatabaseSync, busyMilliseconds: number): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; ; waited += SWITCH_PAUSE_MILLISECONDS) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (sqliteCode(error) !== 5 || waited >= busyMilliseconds) throw error;
      Atomics.wait(pause, 0, 0, SWITCH_PAUSE_MILLISECONDS);
    }
  }
}

interface Prepared {
  readonly statement: StatementSync;
  readonly names: ReadonlySet<string>;
}

function createConnection(database: DatabaseSync): SqliteConnection {
  const prepared = new Map<string, Prepared>();

  function prepare(sql: string): Prepared {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const fresh: Prepared = { statement: database.prepare(sql), names: parameterNames(sql) };
    const [oldest] = prepared.keys();
    if (prepared.size >= PREPARED_LIMIT && oldest !== undefined) prepared.delete(oldest);
    prepared.set(sql, fresh);
    return fresh;
  }

  function attempt<T>({ sql, parameters }: Statement, call: (run: StatementCall) => T): T {
    try {
      const { statement, names } = prepare(sql);
      return call({ statement, values: bind(names, parameters ?? {}) });
    } catch (error) {
      throw sqliteError('cannot run a database statement', error, { sql });
    }
  }

  function query(statement: Statement): readonly Row[] {
    return attempt(statement, (run) => run.statement.all(run.values).map(toRow));
  }

  function execute(statement: Statement): void {
    attempt(statement, (run) => run.statement.run(run.values));
  }

  function transaction(statements: readonly Statement[]): void {
    attempt({ sql: 'BEGIN IMMEDIATE' }, (run) => run.statement.run());
    try {
      for (const statement of statements) execute(statement);
      attempt({ sql: 'COMMIT' }, (run) => run.statement.run());
    } catch (error) {
      // Some failures, a full disk for one, have rolled it back already.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  function run(task: SqliteTask): readonly Row[] {
    if (task.kind === 'query') return query(task.statement);
    if (task.kind === 'execute') execute(task.statement);
    else transaction(task.statements);
    return [];
  }

  return { run, close: () => database.close() };
}

interface StatementCall {
  readonly statement: StatementSync;
  readonly values: Record<string, SQLInputValue>;
}

/** The names after a colon, outside of strings, quoted names and comments. */
function parameterNames(sql: string): ReadonlySet<string> {
  const tokens = /'[^']*'|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|:([A-Za-z_]\w*)/g;
  const names = new Set<string>();
  for (const [, name] of sql.matchAll(tokens)) if (name !== undefined) names.add(name);
  return names;
}

/** SQLite takes a parameter that was not given as NULL, which hides typing errors. */
function bind(names: ReadonlySet<string>, parameters: Parameters): Record<string, SQLInputValue> {
  for (const name of names) {
    if (Object.hasOwn(parameters, name)) continue;
    throw new ProgramError({
      code: 'database-failed',
      kind: 'bug',
      message: `the statement's parameter :${name} has no value`,
    });
  }
  const entries = Object.entries(parameters);
  return Object.fromEntries(entries.map(([name, value]) => [name, toInput(value)]));
}

/** node:sqlite binds every number as a float; whole ones are meant as integers. */
function toInput(value: Value): SQLInputValue {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}

function toRow(row: Record<string, SQLOutputValue>): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toOutput(value)]));
}

function toOutput(value: SQLOutputValue): Value {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
