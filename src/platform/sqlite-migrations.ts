import type { DatabaseSync } from 'node:sqlite';
import type { Migration } from './database.ts';
import { ProgramError } from './errors.ts';
import { sqliteError } from './sqlite-error.ts';

const TABLE = `CREATE TABLE IF NOT EXISTS schema_migrations (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  applied_at TEXT NOT NULL
) STRICT`;

/** Refuses a list that is not numbered from 1 without gaps. */
export function checkMigrations(migrations: readonly Migration[]): void {
  for (const [index, { number }] of migrations.entries()) {
    if (number === index + 1) continue;
    throw new ProgramError({
      code: 'database-failed',
      kind: 'bug',
      message: `the migration at place ${index + 1} has the number ${number}`,
    });
  }
}

/** Brings the schema up to date. Several programs may start at once: one applies, the others wait. */
export function migrate(
  database: DatabaseSync,
  file: string,
  migrations: readonly Migration[],
): void {
  // Without the lock first: most starts find nothing to do and must not wait for a writer.
  if (unapplied(database, file, migrations).length === 0) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec(TABLE);
    for (const migration of unapplied(database, file, migrations)) apply(database, file, migration);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function unapplied(
  database: DatabaseSync,
  file: string,
  migrations: readonly Migration[],
): readonly Migration[] {
  const applied = readApplied(database);
  for (const { number, name } of applied) {
    if (migrations[number - 1]?.name !== name) throw newer(file, number, name, migrations.length);
  }
  return migrations.slice(applied.length);
}

function readApplied(database: DatabaseSync): readonly { number: number; name: string }[] {
  const table = database
    .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'")
    .get();
  if (table === undefined) return [];
  return database
    .prepare('SELECT number, name FROM schema_migrations ORDER BY number')
    .all()
    .map((row) => ({ number: Number(row['number']), name: String(row['name']) }));
}

function apply(database: DatabaseSync, file: string, migration: Migration): void {
  try {
    database.exec(migration.sql);
    database
      .prepare(
        "INSERT INTO schema_migrations VALUES (:number, :name, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
      )
      .run({ number: migration.number, name: migration.name });
  } catch (error) {
    const what = `migration ${migration.number} (${migration.name})`;
    throw sqliteError(`cannot apply ${what} to the database ${JSON.stringify(file)}`, error, {
      file,
    });
  }
}

function newer(file: string, number: number, name: string, known: number): ProgramError {
  return new ProgramError({
    code: 'database-newer',
    kind: 'conflict',
    message: `the database ${JSON.stringify(file)} has the schema step ${number} (${name}), which this version does not know (it knows ${known})`,
    hint: 'start the version that made it, or a newer one, or choose another store directory',
    details: { file, number, known },
  });
}
