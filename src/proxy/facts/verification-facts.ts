import type { Clock, Database, Logger, Migration, Row } from '../../platform/index.ts';

/** The tables of the verifier; the caller gives it its place among the migrations. */
export function verificationMigration(number: number): Migration {
  return {
    number,
    name: 'pending artifacts and upstreams in quarantine',
    sql: `
      CREATE TABLE pending (
        key TEXT PRIMARY KEY,
        path TEXT NOT NULL,
        version TEXT NOT NULL,
        kind TEXT NOT NULL,
        size BIGINT NOT NULL,
        sha256 TEXT NOT NULL,
        h1 TEXT NOT NULL,
        upstream TEXT NOT NULL,
        first_seen_ms BIGINT NOT NULL
      );
      CREATE TABLE quarantines (
        upstream TEXT NOT NULL,
        path TEXT NOT NULL,
        version TEXT NOT NULL,
        reason TEXT NOT NULL,
        until_ms BIGINT NOT NULL,
        PRIMARY KEY (upstream, path, version)
      );
      CREATE INDEX artifacts_unverified ON artifacts (key) WHERE state = 'unverified';
    `,
  };
}

/** Bytes that no checksum database could judge when they came. */
export interface PendingFact {
  readonly key: string;
  readonly path: string;
  readonly version: string;
  readonly kind: 'mod' | 'zip';
  readonly size: number;
  readonly sha256: string;
  readonly h1: string;
  readonly upstream: string;
}

/** An upstream that sent other bytes for a module version than it should have. */
export interface QuarantineFact {
  readonly upstream: string;
  readonly path: string;
  readonly version: string;
  readonly reason: string;
  readonly untilMilliseconds: number;
}

/**
 * What the verifier remembers over a restart. Reading fails loudly, because its callers must know;
 * writing is tried once and logged, because what it describes is already decided.
 */
export interface VerificationFacts {
  /** Keys of artifacts that were stored before anything verified them; undefined when they are too many. */
  unverified(limit: number): Promise<ReadonlySet<string> | undefined>;
  isUnverified(key: string): Promise<boolean>;
  /** Remembers what was found out about a stored artifact. */
  judged(key: string, state: 'verified' | 'first-seen'): Promise<void>;
  /** The first sight was of wrong bytes: the next one is the first. */
  withdrawn(key: string): Promise<void>;
  pending(): Promise<readonly PendingFact[]>;
  nowPending(fact: PendingFact): Promise<void>;
  settled(key: string): Promise<void>;
  quarantines(): Promise<readonly QuarantineFact[]>;
  quarantined(fact: QuarantineFact): Promise<void>;
  released(fact: Pick<QuarantineFact, 'upstream' | 'path' | 'version'>): Promise<void>;
}

/** More at once can only be an attack; the newest are the ones that matter. */
const MAXIMUM_ROWS = 10_000;

export function createVerificationFacts(needs: {
  readonly clock: Clock;
  readonly database: Database;
  readonly logger: Logger;
}): VerificationFacts {
  const { clock, database, logger } = needs;

  async function write(sql: string, parameters: Record<string, string | number>): Promise<void> {
    try {
      await database.execute(sql, parameters);
    } catch (error) {
      logger.warn('a fact of the verifier was not written', { error: String(error) });
    }
  }

  return {
    async unverified(limit) {
      const rows = await database.query(
        `SELECT key FROM artifacts WHERE state = 'unverified' LIMIT :limit`,
        { limit: limit + 1 },
      );
      return rows.length > limit ? undefined : new Set(rows.map((row) => text(row, 'key')));
    },
    async isUnverified(key) {
      const rows = await database.query(
        `SELECT 1 AS one FROM artifacts WHERE key = :key AND state = 'unverified'`,
        { key },
      );
      return rows.length > 0;
    },
    judged: async (key, state) =>
      write('UPDATE artifacts SET state = :state WHERE key = :key', { key, state }),
    withdrawn: async (key) => write('DELETE FROM artifacts WHERE key = :key', { key }),
    async pending() {
      const sql = 'SELECT * FROM pending ORDER BY first_seen_ms DESC LIMIT :limit';
      return (await database.query(sql, { limit: MAXIMUM_ROWS })).map(readPending);
    },
    nowPending: async (fact) =>
      write(
        `INSERT INTO pending (key, path, version, kind, size, sha256, h1, upstream, first_seen_ms)
         VALUES (:key, :path, :version, :kind, :size, :sha256, :h1, :upstream, :seen)
         ON CONFLICT (key) DO UPDATE SET size = excluded.size, sha256 = excluded.sha256,
           h1 = excluded.h1, upstream = excluded.upstream`,
        { ...fact, seen: clock.epochMilliseconds() },
      ),
    settled: async (key) => write('DELETE FROM pending WHERE key = :key', { key }),
    async quarantines() {
      const now = clock.epochMilliseconds();
      await write('DELETE FROM quarantines WHERE until_ms <= :now', { now });
      const sql = 'SELECT * FROM quarantines ORDER BY until_ms DESC LIMIT :limit';
      return (await database.query(sql, { limit: MAXIMUM_ROWS })).map((row) => ({
        upstream: text(row, 'upstream'),
        path: text(row, 'path'),
        version: text(row, 'version'),
        reason: text(row, 'reason'),
        untilMilliseconds: Number(row['until_ms']),
      }));
    },
    quarantined: async ({ upstream, path, version, reason, untilMilliseconds }) =>
      write(
        `INSERT INTO quarantines (upstream, path, version, reason, until_ms)
         VALUES (:upstream, :path, :version, :reason, :until)
         ON CONFLICT (upstream, path, version) DO UPDATE SET reason = excluded.reason,
           until_ms = excluded.until_ms`,
        { upstream, path, version, reason, until: untilMilliseconds },
      ),
    released: async ({ upstream, path, version }) =>
      write(
        'DELETE FROM quarantines WHERE upstream = :upstream AND path = :path AND version = :version',
        { upstream, path, version },
      ),
  };
}

function readPending(row: Row): PendingFact {
  return {
    key: text(row, 'key'),
    path: text(row, 'path'),
    version: text(row, 'version'),
    kind: text(row, 'kind') === 'mod' ? 'mod' : 'zip',
    size: Number(row['size']),
    sha256: text(row, 'sha256'),
    h1: text(row, 'h1'),
    upstream: text(row, 'upstream'),
  };
}

function text(row: Row, column: string): string {
  return String(row[column]);
}
