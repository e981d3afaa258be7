import type { Meter } from '../../platform/index.ts';
import type { BreakerState, Level } from './snapshot.ts';

/** What healing counts. The upstream label has at most as many values as the register has records. */
export interface HealthMetrics {
  retry(upstream: string): void;
  hedge(upstream: string, result: 'won' | 'lost'): void;
  overtaken(upstream: string): void;
  exhausted(upstream: string, budget: 'retry' | 'hedge'): void;
  probe(upstream: string, result: 'success' | 'failure'): void;
  phase(upstream: string, phase: 'headers' | 'body', milliseconds: number): void;
  breaker(upstream: string, state: BreakerState): void;
  level(level: Level): void;
}

/** From a cache next door to the mirror that needs a minute for a first fetch. */
const SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 75];

const BREAKER_VALUES = { closed: 0, 'half-open': 1, open: 2 } as const;

export function createHealthMetrics(meter: Meter): HealthMetrics {
  const retries = meter.counter(
    'cofferdam_upstream_retries_total',
    'Requests sent to an upstream again after a failure.',
    ['upstream'],
  );
  const hedges = meter.counter(
    'cofferdam_upstream_hedges_total',
    'Second requests sent because the first was slow, by which answer was taken.',
    ['upstream', 'result'],
  );
  const overtaken = meter.counter(
    'cofferdam_upstream_overtaken_total',
    'Requests for which the next upstream was asked because this one stayed silent.',
    ['upstream'],
  );
  const exhausted = meter.counter(
    'cofferdam_upstream_budget_exhausted_total',
    'Retries and hedges that were put off because too many had been sent.',
    ['upstream', 'budget'],
  );
  const probes = meter.counter(
    'cofferdam_upstream_probes_total',
    'Requests of our own that see whether an upstream is back.',
    ['upstream', 'result'],
  );
  const phases = meter.histogram(
    'cofferdam_upstream_phase_duration_seconds',
    'Time of an upstream request by phase: to the headers, and the body.',
    SECONDS,
    ['upstream', 'phase'],
  );
  const breakers = meter.gauge(
    'cofferdam_upstream_breaker_state',
    'Circuit breaker of an upstream: 0 closed, 1 half open, 2 open.',
    ['upstream'],
  );
  const level = meter.gauge(
    'cofferdam_degradation_level',
    'Level of service: 0 normal, 1 no extra requests, 2 stale lists, 3 stored only, 4 store read-only.',
  );
  // Bound once: looking labels up costs more than counting.
  const bound = new Map<string, { record(seconds: number): void }>();
  return {
    retry: (upstream) => retries.with(upstream).add(),
    hedge: (upstream, result) => hedges.with(upstream, result).add(),
    overtaken: (upstream) => overtaken.with(upstream).add(),
    exhausted: (upstream, budget) => exhausted.with(upstream, budget).add(),
    probe: (upstream, result) => probes.with(upstream, result).add(),
    phase(upstream, phase, milliseconds) {
      const key = `${phase} ${upstream}`;
      const histogram = bound.get(key) ?? phases.with(upstream, phase);
      bound.set(key, histogram);
      histogram.record(milliseconds / 1000);
    },
    breaker: (upstream, state) => breakers.with(upstream).set(BREAKER_VALUES[state]),
    level: (now) => level.with().set(Number(now.slice(1))),
  };
}
