import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Database, Migration, Row } from './database.ts';
import { ProgramError } from './errors.ts';
import type { Files } from './files.ts';
import { fromFailure } from './sqlite-error.ts';
import type {
  SqliteReply,
  SqliteRequest,
  SqliteTask,
  SqliteThreadData,
} from './sqlite-messages.ts';
import { checkMigrations } from './sqlite-migrations.ts';

/** Some seconds of work for the thread: a caller is better told “busy” than kept waiting for longer. */
const WAITING_LIMIT = 20_000;
/** How long one program waits for another's write; writes are short, a checkpoint may take a second. */
const BUSY_MILLISECONDS = 5000;

export interface SqliteSettings {
  readonly file: string;
  readonly migrations: readonly Migration[];
  readonly waitingLimit?: number;
  readonly busyMilliseconds?: number;
}

/**
 * SQLite in a thread of its own, since `node:sqlite` is synchronous. Any number of programs may share the
 * file. The thread keeps the process alive only while a call waits for it.
 */
export async function openSqliteDatabase(
  needs: { readonly files: Files },
  settings: SqliteSettings,
): Promise<Database> {
  checkMigrations(settings.migrations);
  await needs.files.makeDirectory(dirname(settings.file));
  const thread = startThread(settings);
  await thread.opened;
  return {
    query: (sql, parameters) =>
      thread.ask({ kind: 'query', statement: { sql, ...optional(parameters) } }),
    async execute(sql, parameters) {
      await thread.ask({ kind: 'execute', statement: { sql, ...optional(parameters) } });
    },
    async transaction(statements) {
      await thread.ask({ kind: 'transaction', statements });
    },
    close: thread.close,
  };
}

function optional<T>(parameters: T | undefined): { parameters?: T } {
  return parameters === undefined ? {} : { parameters };
}

interface Thread {
  readonly opened: Promise<unknown>;
  ask(task: SqliteTask): Promise<readonly Row[]>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(rows: readonly Row[]): void;
  reject(error: ProgramError): void;
}

function startThread(settings: SqliteSettings): Thread {
  const { file, migrations } = settings;
  const waitingLimit = settings.waitingLimit ?? WAITING_LIMIT;
  const busyMilliseconds = settings.busyMilliseconds ?? BUSY_MILLISECONDS;
  const workerData: SqliteThreadData = { file, migrations, busyMilliseconds };
  const worker = new Worker(new URL('./sqlite-thread.ts', import.meta.url), {
    workerData,
    // Options of the program, such as --input-type, are not meant for the thread.
    execArgv: [],
    env: {},
    name: 'database',
  });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let refusal: ProgramError | undefined;
  let closing: Promise<void> | undefined;

  function wait(id: number): Promise<readonly Row[]> {
    if (waiting.size === 0) worker.ref();
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  }

  function settle(reply: SqliteReply): void {
    const caller = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (waiting.size === 0 && closing === undefined) worker.unref();
    if ('rows' in reply) caller?.resolve(reply.rows);
    else caller?.reject(fromFailure(reply.failure));
  }

  function end(cause: unknown): void {
    refusal ??= ended(file, cause);
    for (const caller of waiting.values()) caller.reject(refusal);
    waiting.clear();
  }

  async function ask(task: SqliteTask): Promise<readonly Row[]> {
    if (refusal !== undefined) throw refusal;
    if (waiting.size >= waitingLimit) throw busy(file, waitingLimit);
    const id = nextId;
    nextId += 1;
    const request: SqliteRequest = { id, task };
    worker.postMessage(request, []);
    return wait(id);
  }

  async function close(): Promise<void> {
    refusal ??= closed(file);
    worker.ref();
    worker.postMessage({ id: 0, task: { kind: 'close' } } satisfies SqliteRequest, []);
    await exited;
  }

  const opened = wait(0);
  worker.on('message', settle);
  worker.on('error', end);
  worker.on('exit', () => end(undefined));
  return { opened, ask, close: () => (closing ??= close()) };
}

function busy(file: string, limit: number): ProgramError {
  return new ProgramError({
    code: 'database-busy',
    kind: 'unavailable',
    message: `the database ${JSON.stringify(file)} has ${limit} requests waiting and takes no more`,
    hint: 'try again in some seconds; if it stays so, see whether the disk is slow',
    details: { file, limit },
  });
}

function closed(file: string): ProgramError {
  return new ProgramError({
    code: 'database-closed',
    kind: 'unavailable',
    message: `the database ${JSON.stringify(file)} is closed`,
    details: { file },
  });
}

function ended(file: string, cause: unknown): ProgramError {
  return new ProgramError({
    code: 'database-failed',
    kind: 'unavailable',
    message: `the thread of the database ${JSON.stringify(file)} ended unexpectedly`,
    hint: 'start the program again; nothing that was stored is lost',
    details: { file },
    ...(cause === undefined ? {} : { cause }),
  });
}
