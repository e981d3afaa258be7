import type { Migration, Row, Statement } from '../../platform/index.ts';
import type { Failed } from '../upstream/index.ts';
import { parseRoute } from '../protocol/index.ts';
import type { KeptRecord, RecordedAttempt, RequestFilter, RequestRecord } from './record.ts';

/** Hits are many and all alike, so they have an index and a limit of their own. */
export function requestMigration(number: number): Migration {
  return {
    number,
    name: 'answered requests',
    sql: `
      CREATE TABLE requests (
        id INTEGER PRIMARY KEY,
        time_ms BIGINT NOT NULL,
        trace TEXT NOT NULL,
        client TEXT,
        user_agent TEXT,
        method TEXT NOT NULL,
        path TEXT NOT NULL,
        kind TEXT NOT NULL,
        module TEXT,
        version TEXT,
        outcome TEXT NOT NULL,
        status INTEGER NOT NULL,
        bytes BIGINT NOT NULL,
        duration_ms REAL,
        cause TEXT,
        attempts TEXT
      );
      CREATE INDEX requests_by_trace ON requests (trace);
      CREATE INDEX requests_by_module ON requests (module, id);
      CREATE INDEX requests_hit ON requests (id) WHERE outcome = 'hit';
      CREATE INDEX requests_other ON requests (outcome, id) WHERE outcome <> 'hit';
      CREATE INDEX requests_failed ON requests (id) WHERE status >= 500;
    `,
  };
}

export function reasonMigration(number: number): Migration {
  return {
    number,
    name: 'reasons of failed requests',
    sql: 'ALTER TABLE requests ADD COLUMN reason TEXT',
  };
}

const COLUMNS =
  'time_ms, trace, client, user_agent, method, path, kind, module, version, outcome, status, bytes, duration_ms, cause, reason, attempts';

/** All rows in one statement with one parameter: what a batch costs its sender is one string. */
export function insertRequests(records: readonly RequestRecord[]): Statement {
  const values = COLUMNS.split(', ').map((_, index) => `value ->> ${index}`);
  return {
    sql: `INSERT INTO requests (${COLUMNS}) SELECT ${values.join(', ')} FROM json_each(:rows)`,
    parameters: { rows: JSON.stringify(records.map(toRow)) },
  };
}

/** What is too old, and what is more than is kept. */
export function pruneRequests(limits: {
  readonly oldestMilliseconds: number;
  readonly hits: number;
  readonly others: number;
}): readonly Statement[] {
  return [
    {
      sql: `DELETE FROM requests WHERE id <=
        (SELECT max(id) FROM requests WHERE time_ms < :oldest)`,
      parameters: { oldest: limits.oldestMilliseconds },
    },
    {
      sql: `DELETE FROM requests WHERE outcome = 'hit' AND id <=
        (SELECT id FROM requests WHERE outcome = 'hit' ORDER BY id DESC LIMIT 1 OFFSET :hits)`,
      parameters: { hits: limits.hits },
    },
    {
      sql: `DELETE FROM requests WHERE outcome <> 'hit' AND id <=
        (SELECT id FROM requests WHERE outcome <> 'hit' ORDER BY id DESC LIMIT 1 OFFSET :others)`,
      parameters: { others: limits.others },
    },
  ];
}

/** The newest first. */
export function selectRequests(filter: RequestFilter): Required<Statement> {
  const conditions: string[] = [];
  const parameters: Record<string, string | number> = { limit: filter.limit };
  if (filter.trace !== undefined) {
    conditions.push('trace = :trace');
    parameters['trace'] = filter.trace;
  }
  if (filter.module !== undefined) {
    conditions.push('module = :module');
    parameters['module'] = filter.module;
  }
  if (filter.outcome === 'failed') {
    conditions.push('status >= 500');
  } else if (filter.outcome === 'absent') {
    conditions.push('status IN (404, 410)');
  } else if (filter.outcome === 'hit') {
    conditions.push("outcome = 'hit'");
  } else if (filter.outcome !== undefined) {
    conditions.push("outcome = :outcome AND outcome <> 'hit'");
    parameters['outcome'] = filter.outcome;
  }
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  return {
    sql: `SELECT ${COLUMNS} FROM requests${where} ORDER BY id DESC LIMIT :limit`,
    parameters,
  };
}

function toRow(record: RequestRecord): readonly unknown[] {
  const route = parseRoute(record.path);
  return [
    record.timeMilliseconds,
    record.trace,
    record.client,
    record.userAgent,
    record.method,
    record.path,
    route.kind === 'artifact' ? route.artifact : route.kind,
    'path' in route ? route.path : null,
    'version' in route ? route.version : null,
    record.outcome,
    record.status,
    record.bytes,
    record.milliseconds,
    record.cause,
    record.reason,
    record.attempts.length === 0 ? null : JSON.stringify(record.attempts),
  ];
}

export function readRequest(row: Row): KeptRecord {
  const text = (name: string): string | undefined => {
    const value = row[name];
    return typeof value === 'string' ? value : undefined;
  };
  const { duration_ms: duration } = row;
  return {
    timeMilliseconds: Number(row['time_ms']),
    trace: text('trace') ?? '',
    client: text('client'),
    userAgent: text('user_agent'),
    method: text('method') ?? '',
    path: text('path') ?? '',
    kind: text('kind') ?? '',
    module: text('module'),
    version: text('version'),
    outcome: text('outcome') ?? '',
    status: Number(row['status']),
    bytes: Number(row['bytes']),
    milliseconds: typeof duration === 'number' ? duration : undefined,
    cause: text('cause'),
    reason: text('reason') as Failed['reason'] | undefined,
    // Written by this file, and by nobody else.
    attempts: JSON.parse(text('attempts') ?? '[]') as readonly RecordedAttempt[],
  };
}
