import type { Clock, Database, Logger, Migration } from '../../platform/index.ts';

/** When each version was last asked for, to the minute. */
export interface LastUses {
  /** Costs a look into a map; nobody waits for the database. */
  used(unit: string): void;
  /** Of all versions of a module, by unit; missing ones were never asked since they were stored. */
  of(escapedPath: string): Promise<ReadonlyMap<string, number>>;
  /** The version was removed. */
  forget(unit: string): void;
  flush(): Promise<void>;
}

export interface LastUsesSettings {
  /** A later use within this time is the same use. */
  readonly grainMilliseconds: number;
}

/** The table of last uses; the caller gives it its place among the migrations. */
export function upkeepMigration(number: number): Migration {
  return {
    number,
    name: 'last uses',
    sql: `
      CREATE TABLE last_uses (
        unit TEXT PRIMARY KEY,
        used_ms BIGINT NOT NULL
      );
    `,
  };
}

/** Units that are remembered as written lately; when there are more, all are written again. */
const MAXIMUM_KNOWN = 100_000;
/** The next character behind `/`: all units of a module lie between these two. */
const BEHIND_SLASH = '0';

export function createLastUses(
  needs: { readonly clock: Clock; readonly database: Database; readonly logger: Logger },
  settings: LastUsesSettings,
): LastUses {
  const written = new Map<string, number>();
  const waiting = new Map<string, number>();
  const forgotten = new Set<string>();

  async function flush(): Promise<void> {
    const uses = [...waiting];
    const gone = [...forgotten];
    waiting.clear();
    forgotten.clear();
    if (uses.length === 0 && gone.length === 0) {
      return;
    }
    try {
      await needs.database.transaction([
        ...gone.map((unit) => ({
          sql: 'DELETE FROM last_uses WHERE unit = :unit',
          parameters: { unit },
        })),
        ...uses.map(([unit, used]) => ({
          sql: `INSERT INTO last_uses (unit, used_ms) VALUES (:unit, :used)
            ON CONFLICT (unit) DO UPDATE SET used_ms = MAX(used_ms, excluded.used_ms)`,
          parameters: { unit, used },
        })),
      ]);
    } catch (error) {
      needs.logger.warn('last uses were not written; the store may evict by older ones', {
        uses: uses.length,
        error: String(error),
      });
    }
  }

  return {
    used(unit) {
      const now = needs.clock.epochMilliseconds();
      const before = written.get(unit);
      if (before !== undefined && now - before < settings.grainMilliseconds) {
        return;
      }
      if (written.size >= MAXIMUM_KNOWN) written.clear();
      written.set(unit, now);
      waiting.set(unit, now);
      forgotten.delete(unit);
    },
    async of(escapedPath) {
      const rows = await needs.database.query(
        'SELECT unit, used_ms FROM last_uses WHERE unit > :from AND unit < :to',
        { from: `${escapedPath}/@v/`, to: `${escapedPath}/@v${BEHIND_SLASH}` },
      );
      const uses = new Map(rows.map((row) => [String(row['unit']), Number(row['used_ms'])]));
      for (const [unit, used] of waiting) {
        if (unit.startsWith(`${escapedPath}/@v/`)) uses.set(unit, used);
      }
      return uses;
    },
    forget(unit) {
      written.delete(unit);
      waiting.delete(unit);
      forgotten.add(unit);
    },
    flush,
  };
}
