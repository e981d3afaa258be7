import { isProgramError } from '../platform/index.ts';
import type { Counter, Histogram, Meter } from '../platform/index.ts';
import type { Answered } from './answered.ts';
import type { HealedCounts } from './receive-body.ts';
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
  /** Whether the time of this hit in memory is to be taken: of one in some, because taking it costs. */
  isSampled(): boolean;
  hit(entry: HotEntry, milliseconds: number | undefined): void;
  answered(kind: string, answered: Answered, seconds: number): void;
  served(module: string): void;
  upstream(name: string, outcome: string): void;
  fetched(bytes: number): void;
  stored(bytes: number): void;
  notStored(error: unknown): void;
  readonly healed: HealedCounts;
  summary(): ProxySummary;
}

/** From a hit in memory to a large zip over a slow line; half a second is what a person waits gladly. */
const SECONDS = [0.0001, 0.00025, 0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];

/** A minute is the life of a fresh list, seven days the longest that stale is served. */
const STALE_SECONDS = [60, 300, 900, 3600, 6 * 3600, 86_400, 2 * 86_400, 4 * 86_400, 7 * 86_400];

/** Taking the time twice costs a hundredth of a hit; of one in so many nobody notices it. */
const HITS_PER_SAMPLE = 64;

/** Versions are counted for a summary, not kept as a record: beyond this the number stands still. */
const MAXIMUM_MODULES = 100_000;

type HitCounts = (kind: string) => {
  readonly requests: ReturnType<Counter['with']>;
  readonly seconds: ReturnType<Histogram['with']>;
};

/** Labels are bound once for each kind, so that a hit looks up nothing else. */
function createHitCounts(requests: Counter, seconds: Histogram): HitCounts {
  const bound = new Map<string, ReturnType<HitCounts>>();
  return (kind) => {
    const known = bound.get(kind);
    if (known !== undefined) return known;
    const made = {
      requests: requests.with(kind, 'hit', '2xx'),
      seconds: seconds.with(kind, 'hit'),
    };
    bound.set(kind, made);
    return made;
  };
}

export function createProxyCounts(meter: Pick<Meter, 'counter' | 'histogram'>): ProxyCounts {
  const requests = meter.counter(
    'cofferdam_requests_total',
    'Requests answered, by kind, cache outcome and status class.',
    ['kind', 'outcome', 'status'],
  );
  const seconds = meter.histogram(
    'cofferdam_request_duration_seconds',
    `Time to the end of an answer, where one in ${HITS_PER_SAMPLE} hits in memory stands for all.`,
    SECONDS,
    ['kind', 'outcome'],
  );
  const sentBytes = meter.counter(
    'cofferdam_response_bytes_total',
    'Bytes of resources that were answered, before any coding.',
    ['outcome'],
  );
  const staleAge = meter.histogram(
    'cofferdam_stale_age_seconds',
    'Age of answers that were served stale.',
    STALE_SECONDS,
    ['kind'],
  );
  const transfers = createTransferCounts(meter);
  const hits = createHitCounts(requests, seconds);
  const hitBytes = sentBytes.with('hit');
  let hitNumber = 0;
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
    isSampled() {
      hitNumber += 1;
      return hitNumber % HITS_PER_SAMPLE === 0;
    },
    hit(entry, milliseconds) {
      total.requests += 1;
      total.bytesServed += entry.body.length;
      if (entry.module !== undefined) {
        served(entry.module);
      }
      hitBytes.add(entry.body.length);
      const kind = hits(entry.kind);
      kind.requests.add();
      if (milliseconds !== undefined) {
        kind.seconds.record(milliseconds / 1000, HITS_PER_SAMPLE);
      }
    },
    answered(kind, answered, duration) {
      total.requests += 1;
      total.bytesServed += answered.bytes ?? 0;
      if (answered.status >= 500) {
        total.failures += 1;
      }
      requests.with(kind, answered.outcome, `${Math.trunc(answered.status / 100)}xx`).add();
      seconds.with(kind, answered.outcome).record(duration);
      sentBytes.with(answered.outcome).add(answered.bytes ?? 0);
      if (answered.staleSeconds !== undefined) {
        staleAge.with(kind).record(answered.staleSeconds);
      }
    },
    served,
    upstream(name, outcome) {
      if (outcome === 'retry') {
        total.retries += 1;
      } else {
        total.upstreamRequests += 1;
      }
      transfers.upstreams.with(name, outcome).add();
    },
    fetched(bytes) {
      total.bytesFetched += bytes;
      transfers.fetchedBytes.with().add(bytes);
    },
    stored(bytes) {
      transfers.storedBytes.with().add(bytes);
    },
    notStored(error) {
      transfers.failedWrites.with(isProgramError(error) ? error.kind : 'bug').add();
    },
    healed: createHealedCounts(meter),
    summary: () => ({ modules: modules.size, ...total }),
  };
}

/** What comes from upstreams and what of it is kept. */
interface TransferCounts {
  readonly upstreams: Counter;
  readonly fetchedBytes: Counter;
  readonly storedBytes: Counter;
  readonly failedWrites: Counter;
}

function createTransferCounts(meter: Pick<Meter, 'counter'>): TransferCounts {
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
    'Artifacts that were served but could not be stored, by what was wrong with the disk.',
    ['reason'],
  );
  return { upstreams, fetchedBytes, storedBytes, failedWrites };
}

function createHealedCounts(meter: Pick<Meter, 'counter'>): HealedCounts {
  const resumed = meter.counter(
    'cofferdam_upstream_resumes_total',
    'Bodies that broke off and whose rest was asked for, by what the upstream gave.',
    ['outcome'],
  );
  const stalls = meter.counter(
    'cofferdam_upstream_stalls_total',
    'Bodies that fell silent or dripped.',
    ['reason'],
  );
  const restarts = meter.counter(
    'cofferdam_upstream_restarts_total',
    'Large bodies that were fetched from their start again and compared with what clients had.',
  );
  return {
    resumed: (outcome) => {
      resumed.with(outcome).add();
    },
    stalled: (reason) => {
      stalls.with(reason).add();
    },
    restarted: () => {
      restarts.with().add();
    },
  };
}
