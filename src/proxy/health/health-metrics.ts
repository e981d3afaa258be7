import type { Meter } from '../../platform/index.ts';
import type { BreakerState, Level } from './snapshot.ts';

/** What healing counts. The upstream label has at most as many values as the register has records. */
export interface HealthMetrics {
  retry(upstream: string): void;
  hedge(upstream: string, result: 'won' | 'lost'): void;
  overtaken(upstream: string): void;
  exhausted(upstream: string, budget: 'retry' | 'hedge'): void;
  probe(upstream: string, result: 'success' | 'failure'): void;
  breaker(upstream: string, state: BreakerState): void;
  level(level: Level): void;
}

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
  const breakers = meter.gauge(
    'cofferdam_upstream_breaker_state',
    'Circuit breaker of an upstream: 0 closed, 1 half open, 2 open.',
    ['upstream'],
  );
  const level = meter.gauge(
    'cofferdam_degradation_level',
    'Level of service: 0 normal, 1 no extra requests, 2 stale lists, 3 stored only, 4 store read-only.',
  );
  return {
    retry: (upstream) => retries.with(upstream).add(),
    hedge: (upstream, result) => hedges.with(upstream, result).add(),
    overtaken: (upstream) => overtaken.with(upstream).add(),
    exhausted: (upstream, budget) => exhausted.with(upstream, budget).add(),
    probe: (upstream, result) => probes.with(upstream, result).add(),
    breaker: (upstream, state) => breakers.with(upstream).set(BREAKER_VALUES[state]),
    level: (now) => level.with().set(Number(now.slice(1))),
  };
}
