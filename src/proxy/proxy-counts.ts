import type { Meter } from '../platform/index.ts';
import type { Answered } from './answered.ts';
import type { HotEntry } from './storage/index.ts';

/** What one `cofferdam run` tells at its end. */
export interface ProxySummary {
  /** Module versions of which at least one file was served. */
  readonly modules: number;
  /** Files of module versions served. */
  readonly files: number;
  readonly requests: number;
  readonly bytesServed: number;
  readonly bytesFetched: number;
  readonly upstreamRequests: number;
  readonly retries: number;
  readonly failures: number;
}

export interface ProxyCounts {
  hit(entry: HotEntry): void;
  answered(kind: string, answered: Answered, seconds: number): void;
  served(module: string): void;
  upstream(name: string, outcome: string): void;
  fetched(bytes: number): void;
  stored(bytes: number): void;
  notStored(): void;
  summary(): ProxySummary;
}

/** From a hit in memory to a large zip over a slow line. */
const SECONDS = [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];

/** Versions are counted for a summary, not kept as a record: beyond this the number stands still. */
const MAXIMUM_MODULES = 100_000;

export function createProxyCounts(meter: Meter): ProxyCounts {
  const requests = meter.counter(
    'cofferdam_requests_total',
    'Requests answered, by kind, cache outcome and status class.',
    ['kind', 'outcome', 'status'],
  );
  const seconds = meter.histogram(
    'cofferdam_request_duration_seconds',
    'Time to the end of an answer that was not in memory.',
    SECONDS,
    ['kind'],
  );
  const upstreams = meter.counter(
    'cofferdam_upstream_requests_total',
    'Requests sent to upstreams, by status or trouble.',
    ['upstream', 'outcome'],
  );
  const fetchedBytes = meter.counter(
    'cofferdam_upstream_bytes_total',
    'Bytes of artifacts received from upstreams.',
  );
  const storedBytes = meter.counter(
    'cofferdam_store_written_bytes_total',
    'Bytes of artifacts committed to the store.',
  );
  const failedWrites = meter.counter(
    'cofferdam_store_write_failures_total',
    'Artifacts that were served but could not be stored.',
  );
  const hits = new Map<string, { add(amount?: number): void }>();
  const modules = new Set<string>();
  const total = {
    files: 0,
    requests: 0,
    bytesServed: 0,
    bytesFetched: 0,
    upstreamRequests: 0,
    retries: 0,
    failures: 0,
  };

  function served(module: string): void {
    total.files += 1;
    if (modules.size < MAXIMUM_MODULES) {
      modules.add(module);
    }
  }

  return {
    hit(entry) {
      total.requests += 1;
      total.bytesServed += entry.body.length;
      if (entry.module !== undefined) {
        served(entry.module);
      }
      let counter = hits.get(entry.kind);
      if (counter === undefined) {
        counter = requests.with(entry.kind, 'hit', '2xx');
        hits.set(entry.kind, counter);
      }
      counter.add();
    },
    answered(kind, answered, duration) {
      total.requests += 1;
      total.bytesServed += answered.bytes ?? 0;
      if (answered.status >= 500) {
        total.failures += 1;
      }
      requests.with(kind, answered.outcome, `${Math.trunc(answered.status / 100)}xx`).add();
      seconds.with(kind).record(duration);
    },
    served,
    upstream(name, outcome) {
      if (outcome === 'retry') {
        total.retries += 1;
      } else {
        total.upstreamRequests += 1;
      }
      upstreams.with(name, outcome).add();
    },
    fetched(bytes) {
      total.bytesFetched += bytes;
      fetchedBytes.with().add(bytes);
    },
    stored(bytes) {
      storedBytes.with().add(bytes);
    },
    notStored() {
      failedWrites.with().add();
    },
    summary: () => ({ modules: modules.size, ...total }),
  };
}
