import type { Clock, Database, Logger, Meter } from '../../platform/index.ts';
import { createRareWarning } from '../rare-warning.ts';
import type { KeptRecord, RequestFilter, RequestRecord } from './record.ts';
import { insertRequests, pruneRequests, readRequest, selectRequests } from './request-table.ts';

/**
 * Who asked for what, and what became of it. Records wait in memory and go to the database in batches;
 * nobody waits for them, and when there are too many some are left out and counted.
 */
export interface RequestLog {
  /** Never blocks, never throws; most of many hits are left out. */
  add(record: RequestRecord): void;
  find(filter: RequestFilter): Promise<readonly KeptRecord[]>;
  /** The last requests that could not be answered, the newest first. */
  failures(): readonly RequestRecord[];
  close(): Promise<void>;
}

export interface RequestLogNeeds {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly database: Database;
  readonly meter: Meter;
}

export interface RequestLogSettings {
  /** How long a record waits at most: a crash forgets so much. */
  readonly flushMilliseconds: number;
  /** Hits that may be recorded at once: a whole build that finds everything in memory. */
  readonly hitBurst: number;
  /** Hits recorded for each second after that: more of them tell nothing new and cost the machine. */
  readonly hitsPerSecond: number;
  /** Anything else that may wait: at a kilobyte each this bounds the memory while the disk is stuck. */
  readonly waiting: number;
  /** Rows kept, hits and others apart, so that a flood of hits does not push out what went wrong. */
  readonly hits: number;
  readonly others: number;
  readonly days: number;
  readonly pruneMilliseconds: number;
  /** How many of the last failures are at hand without the database. */
  readonly failures: number;
}

export const REQUEST_LOG_LIMITS: RequestLogSettings = {
  flushMilliseconds: 1000,
  hitBurst: 5000,
  hitsPerSecond: 500,
  waiting: 10_000,
  hits: 200_000,
  others: 300_000,
  days: 14,
  pruneMilliseconds: 5 * 60_000,
  failures: 20,
};

const DAY_MILLISECONDS = 86_400_000;

export function createRequestLog(needs: RequestLogNeeds, settings: RequestLogSettings): RequestLog {
  const { clock, database } = needs;
  const warn = createRareWarning(needs, 'answered requests could not be recorded');
  const written = needs.meter.counter(
    'cofferdam_request_records_total',
    'Answered requests that were recorded in the database.',
  );
  const dropped = needs.meter.counter(
    'cofferdam_request_records_dropped_total',
    'Answered requests that were not recorded: hits above the limit, and what the database did not take.',
    ['reason'],
  );
  const failures: RequestRecord[] = [];
  let waiting: RequestRecord[] = [];
  let hitsLeft = settings.hitBurst;
  let refilled = clock.monotonicMilliseconds();
  let pruned = Number.NEGATIVE_INFINITY;
  let leftOut = 0;
  let timer: { cancel(): void } | undefined;
  let flushing: Promise<void> = Promise.resolve();

  function onTime(): void {
    timer = undefined;
    flushing = flushing.then(flush);
  }

  function refill(now: number): void {
    const earned = ((now - refilled) / 1000) * settings.hitsPerSecond;
    hitsLeft = Math.min(settings.hitBurst, hitsLeft + earned);
    refilled = now;
  }

  async function flush(): Promise<void> {
    const now = clock.monotonicMilliseconds();
    refill(now);
    const records = waiting;
    waiting = [];
    if (leftOut > 0) dropped.with('limit').add(leftOut);
    leftOut = 0;
    if (records.length === 0) return;
    const isPruning = now - pruned >= settings.pruneMilliseconds;
    if (isPruning) pruned = now;
    try {
      await database.transaction([
        insertRequests(records),
        ...(isPruning ? pruneRequests({ ...settings, oldestMilliseconds: oldest() }) : []),
      ]);
      written.with().add(records.length);
    } catch (error) {
      dropped.with('database').add(records.length);
      warn(error, { requests: records.length });
    }
  }

  function oldest(): number {
    return clock.epochMilliseconds() - settings.days * DAY_MILLISECONDS;
  }

  function hasRoom(record: RequestRecord): boolean {
    if (record.outcome !== 'hit') return waiting.length < settings.waiting;
    hitsLeft -= 1;
    return hitsLeft >= 0;
  }

  return {
    add(record) {
      if (record.status >= 500) {
        failures.unshift(record);
        failures.length = Math.min(failures.length, settings.failures);
      }
      if (hasRoom(record)) {
        waiting.push(record);
      } else {
        leftOut += 1;
      }
      timer ??= clock.after(settings.flushMilliseconds, onTime);
    },
    async find(filter) {
      // What is asked for may have been answered a moment ago.
      flushing = flushing.then(flush);
      await flushing;
      const { sql, parameters } = selectRequests(filter);
      return (await database.query(sql, parameters)).map(readRequest);
    },
    failures: () => failures.slice(),
    async close() {
      timer?.cancel();
      flushing = flushing.then(flush);
      await flushing;
    },
  };
}
