import type { Database, Files, Logger, Statement } from '../../platform/index.ts';
import { storeArtifact, withdrawArtifacts } from './store-artifact.ts';
import type { ArtifactFact } from './store-artifact.ts';

export interface RebuildNeeds {
  readonly files: Files;
  readonly database: Database;
  readonly logger: Logger;
}

interface RebuildReport {
  /** Lines of the journal that were told to the database. */
  readonly facts: number;
  /** Lines that are none of ours, or were cut off by a crash. */
  readonly unreadable: number;
}

/** Of the journal at a time: memory stays as it is however long it has grown. */
const PIECE_BYTES = 1024 * 1024;
/** A line above this is none of ours. */
const MAXIMUM_LINE_BYTES = 16 * 1024;
/** Statements of one transaction: some milliseconds, so that others get their turn. */
const BATCH = 500;

/**
 * Where the database knows nothing although the journal does: it was lost, or is of another store. A
 * rebuild that a kill cut short left its mark, and is done again.
 */
export async function restoreLostArtifacts(needs: RebuildNeeds, journal: string): Promise<void> {
  const status = await needs.files.status(journal);
  if ((status?.size ?? 0) === 0) return;
  const known = await needs.database.query('SELECT key FROM artifacts LIMIT 1');
  const unfinished = await needs.database.query('SELECT id FROM rebuilds LIMIT 1');
  if (known.length === 0 || unfinished.length > 0) await rebuildArtifacts(needs, journal);
}

/** Tells the database again what was first seen of each artifact, from the journal. */
async function rebuildArtifacts(needs: RebuildNeeds, journal: string): Promise<RebuildReport> {
  let facts = 0;
  let unreadable = 0;
  let batch: Statement[] = [{ sql: 'INSERT INTO rebuilds (id) VALUES (1) ON CONFLICT DO NOTHING' }];
  for await (const line of linesOf(needs.files, journal)) {
    const statement = parse(line);
    if (statement === undefined) {
      unreadable += 1;
      continue;
    }
    facts += 1;
    batch.push(statement);
    if (batch.length === BATCH) {
      await needs.database.transaction(batch);
      batch = [];
    }
  }
  await needs.database.transaction([...batch, { sql: 'DELETE FROM rebuilds' }]);
  needs.logger.info('the database was rebuilt from the journal', { facts, unreadable });
  return { facts, unreadable };
}

async function* linesOf(files: Files, path: string): AsyncGenerator<string> {
  const file = await files.open(path);
  if (file === undefined) return;
  try {
    const buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
    let rest = '';
    for (let position = 0; ;) {
      const count = await file.read(buffer, position);
      if (count === 0) break;
      position += count;
      const lines = (rest + buffer.toString('latin1', 0, count)).split('\n');
      rest = (lines.pop() ?? '').slice(0, MAXIMUM_LINE_BYTES);
      for (const line of lines) if (line !== '') yield Buffer.from(line, 'latin1').toString();
    }
    if (rest !== '') yield Buffer.from(rest, 'latin1').toString();
  } finally {
    await file.close();
  }
}

const STATES: readonly unknown[] = ['verified', 'first-seen', 'none', 'unverified'];

/** What the line says, as it is told to the database. */
function parse(line: string): Statement | undefined {
  try {
    const read: unknown = JSON.parse(line);
    if (typeof read !== 'object' || read === null) return undefined;
    const { event, at, key, path, version, kind, size, sha256, h1, upstream, state } =
      read as Record<string, unknown>;
    const texts = [at, key, path, version, kind, sha256, upstream];
    if (event === 'withdrawn' && typeof path === 'string') {
      return withdrawArtifacts({
        path,
        version: typeof version === 'string' ? version : undefined,
      });
    }
    const isRight =
      event === 'first-seen' &&
      texts.every((text) => typeof text === 'string') &&
      typeof size === 'number' &&
      (h1 === undefined || typeof h1 === 'string') &&
      STATES.includes(state);
    if (!isRight) return undefined;
    const seen = Temporal.Instant.from(String(at)).epochMilliseconds;
    return storeArtifact({ ...(read as ArtifactFact), h1, seen });
  } catch {
    return undefined;
  }
}
