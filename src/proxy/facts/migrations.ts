import type { Migration } from '../../platform/index.ts';
import { reasonMigration, requestMigration } from '../requests/index.ts';
import { upkeepMigration } from '../upkeep/index.ts';
import { verificationMigration } from './verification-facts.ts';

/** The proxy's facts. They can be rebuilt from the tree and the journal, but for how fresh answers were. */
export const PROXY_MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: 'artifacts and answers',
    sql: `
      CREATE TABLE artifacts (
        key TEXT PRIMARY KEY,
        path TEXT NOT NULL,
        version TEXT NOT NULL,
        kind TEXT NOT NULL,
        size BIGINT NOT NULL,
        sha256 TEXT NOT NULL,
        h1 TEXT,
        upstream TEXT NOT NULL,
        state TEXT NOT NULL,
        first_seen_ms BIGINT NOT NULL
      );
      CREATE INDEX artifacts_by_module ON artifacts (path, version);
      CREATE TABLE answers (
        key TEXT PRIMARY KEY,
        status INTEGER NOT NULL,
        content_type TEXT NOT NULL,
        body BLOB NOT NULL,
        fetched_ms BIGINT NOT NULL
      );
    `,
  },
  requestMigration(2),
  verificationMigration(3),
  upkeepMigration(4),
  {
    number: 5,
    name: 'unfinished rebuilds',
    sql: 'CREATE TABLE rebuilds (id INTEGER PRIMARY KEY)',
  },
  {
    number: 6,
    name: 'whose absences they are',
    sql: 'ALTER TABLE answers ADD COLUMN sources TEXT',
  },
  reasonMigration(7),
];
