import { join } from 'node:path';
import { toldCause } from '../finding/index.ts';
import { isProgramError } from '../platform/index.ts';
import type { Clock, Database, Files, Locks, Logger } from '../platform/index.ts';
import { openSqliteDatabase } from '../platform/adapters.ts';
import { PROXY_MIGRATIONS } from '../proxy/index.ts';

interface DatabaseNeeds {
  readonly clock: Clock;
  readonly files: Files;
  readonly locks: Locks;
  readonly logger: Logger;
}

export interface DatabaseSettings {
  readonly store: string;
  readonly databaseFile: string;
  /** The one server of this store, which it has locked. */
  readonly isServer: boolean;
}

/** A name that SQLite keeps for a database without a file. */
const IN_MEMORY = ':memory:';
/** SQLite keeps these beside the file; they go first, or the next one would take them for its own. */
const PARTS = ['-wal', '-shm', ''] as const;

export async function openDatabase(
  needs: Pick<DatabaseNeeds, 'files'>,
  file: string,
): Promise<Database> {
  return openSqliteDatabase(needs, { file, migrations: PROXY_MIGRATIONS });
}

/**
 * Instead of one that could not be opened: what it knew of artifacts is in the journal too. A damaged one
 * gives way to a new file, one that cannot be written to one in memory.
 */
export async function openDatabaseInstead(
  needs: DatabaseNeeds,
  settings: DatabaseSettings,
  error: unknown,
): Promise<{ readonly database: Database; readonly problem?: string }> {
  const replaced = isDamaged(error) && isOurs(settings) && (await replace(needs, settings));
  if (replaced) return { database: replaced };
  if (!mayGoOnAfter(error, settings)) throw error;
  const problem = `what the database would keep is kept in memory until this program ends (${toldCause(error)})`;
  return { database: await openDatabase(needs, IN_MEMORY), problem };
}

/** `serve` starts where only the disk is at fault; a command must not fail for its cache. */
export function mayGoOnAfter(
  error: unknown,
  { isServer }: Pick<DatabaseSettings, 'isServer'>,
): boolean {
  if (!isProgramError(error)) return false;
  return !isServer || error.kind === 'denied' || error.kind === 'full';
}

function isDamaged(error: unknown): boolean {
  return isProgramError(error) && error.code === 'database-damaged';
}

/** A file that somebody named may be anything, and is left where it is. */
function isOurs({ store, databaseFile }: DatabaseSettings): boolean {
  return databaseFile === join(store, 'cofferdam.db');
}

/** Never beside a server: what it writes into the old file would be missing in the new one. */
async function replace(
  needs: DatabaseNeeds,
  { store, databaseFile, isServer }: DatabaseSettings,
): Promise<Database | undefined> {
  try {
    const lock = isServer ? undefined : await needs.locks.tryExclusive(`${store}/serve.lock`);
    if (!isServer && lock === undefined) return undefined;
    try {
      // Another program on this store may have done it a moment ago.
      return await openDatabase(needs, databaseFile).catch(async (error: unknown) => {
        if (!isDamaged(error)) throw error;
        await moveAside(needs, databaseFile, error);
        return openDatabase(needs, databaseFile);
      });
    } finally {
      await lock?.release();
    }
  } catch (error) {
    needs.logger.warn('the damaged database was not replaced', { error: toldCause(error) });
    return undefined;
  }
}

async function moveAside(
  { files, clock, logger }: DatabaseNeeds,
  file: string,
  error: unknown,
): Promise<void> {
  const aside = `${file}.damaged-${Math.trunc(clock.epochMilliseconds() / 1000)}`;
  for (const part of PARTS) {
    if ((await files.status(file + part)) !== undefined) {
      await files.rename(file + part, aside + part);
    }
  }
  logger.error('the database was damaged: it was moved aside, and a new one is filled', {
    file,
    aside,
    error: toldCause(error),
  });
}
