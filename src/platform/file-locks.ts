import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Files } from './files.ts';
import type { Lock, Locks } from './locks.ts';
import { sqliteCode, sqliteError } from './sqlite-error.ts';

const SQLITE_BUSY = 5;

/**
 * Node has no call for file locks, but SQLite takes the operating system's: an open exclusive
 * transaction on an empty database holds one for as long as the process lives.
 */
export function createFileLocks(needs: { readonly files: Files }): Locks {
  // Kept here too: a connection that nobody refers to is collected, and its lock with it.
  const held = new Set<DatabaseSync>();

  async function tryExclusive(path: string): Promise<Lock | undefined> {
    await needs.files.makeDirectory(dirname(path));
    const database = lockFile(path);
    if (database === undefined) return undefined;
    held.add(database);
    return {
      release: async () => {
        if (held.delete(database)) database.close();
      },
    };
  }

  return { tryExclusive };
}

function lockFile(path: string): DatabaseSync | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    if (sqliteCode(error) === SQLITE_BUSY) return undefined;
    throw sqliteError(`cannot lock ${JSON.stringify(path)}`, error, { path });
  }
}
