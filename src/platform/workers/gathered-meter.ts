import type { Meter } from '../meter.ts';

/** What a worker process counted since it told last; plain data. */
export interface MeterReport {
  readonly counts: readonly (MetricName & { readonly amount: number })[];
  readonly samples: readonly (MetricName & {
    readonly buckets: readonly number[];
    /** The middle of those of one bucket, and how many they were. */
    readonly seconds: number;
    readonly times: number;
  })[];
  /** By name; what is true now, not since last time. */
  readonly observed: readonly {
    readonly name: string;
    readonly help: string;
    readonly value: number;
  }[];
}

interface MetricName {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly values: readonly string[];
}

type CountingMeter = Pick<Meter, 'counter' | 'histogram' | 'observe'>;

export interface GatheredMeter extends CountingMeter {
  /** What was counted since the last time. */
  take(): MeterReport;
}

interface Gathered {
  readonly metric: MetricName;
  amount: number;
}

interface GatheredSamples {
  readonly metric: MetricName;
  readonly buckets: readonly number[];
  readonly sums: Float64Array;
  readonly times: Float64Array;
}

/** Counts for somebody else: an addition each, and a report of what changed. */
export function createGatheredMeter(): GatheredMeter {
  const counts = new Map<string, Gathered>();
  const samples = new Map<string, GatheredSamples>();
  const observed = new Map<string, { readonly help: string; readonly read: () => number }>();

  function once<Kept>(map: Map<string, Kept>, metric: MetricName, make: () => Kept): Kept {
    const key = JSON.stringify([metric.name, ...metric.values]);
    const kept = map.get(key) ?? make();
    map.set(key, kept);
    return kept;
  }

  return {
    counter: (name, help, labels = []) => ({
      with(...values) {
        const metric = { name, help, labels, values };
        const kept = once(counts, metric, () => ({ metric, amount: 0 }));
        return {
          add(amount = 1) {
            kept.amount += amount;
          },
        };
      },
    }),
    histogram: (name, help, buckets, labels = []) => ({
      with(...values) {
        const metric = { name, help, labels, values };
        const kept = once(samples, metric, () => ({
          metric,
          buckets,
          sums: new Float64Array(buckets.length + 1),
          times: new Float64Array(buckets.length + 1),
        }));
        return {
          record(seconds, times = 1) {
            let index = 0;
            while (index < buckets.length && seconds > (buckets[index] ?? 0)) index += 1;
            kept.sums[index] = (kept.sums[index] ?? 0) + seconds * times;
            kept.times[index] = (kept.times[index] ?? 0) + times;
          },
        };
      },
    }),
    observe(name, help, read) {
      observed.set(name, { help, read });
    },
    take: () => ({
      counts: takeCounts(counts.values()),
      samples: takeSamples(samples.values()),
      observed: [...observed].map(([name, { help, read }]) => ({ name, help, value: read() })),
    }),
  };
}

function takeCounts(all: Iterable<Gathered>): MeterReport['counts'] {
  const taken: MeterReport['counts'][number][] = [];
  for (const kept of all) {
    if (kept.amount !== 0) taken.push({ ...kept.metric, amount: kept.amount });
    kept.amount = 0;
  }
  return taken;
}

function takeSamples(all: Iterable<GatheredSamples>): MeterReport['samples'] {
  const taken: MeterReport['samples'][number][] = [];
  for (const { metric, buckets, sums, times } of all) {
    for (const [index, count] of times.entries()) {
      if (count > 0) {
        taken.push({ ...metric, buckets, seconds: (sums[index] ?? 0) / count, times: count });
      }
    }
    sums.fill(0);
    times.fill(0);
  }
  return taken;
}

export interface MeterReplay {
  /** `source` tells the processes apart. */
  add(source: number, report: MeterReport): void;
  /** What it observed is true no longer; what it counted stays counted. */
  forget(source: number): void;
}

/** Adds the reports of many processes up in one meter. */
export function createMeterReplay(meter: CountingMeter): MeterReplay {
  const observed = new Map<string, Map<number, number>>();

  function valuesOf(name: string, help: string): Map<number, number> {
    const known = observed.get(name);
    if (known !== undefined) return known;
    const values = new Map<number, number>();
    observed.set(name, values);
    meter.observe(name, help, () => [...values.values()].reduce((sum, value) => sum + value, 0));
    return values;
  }

  return {
    add(source, report) {
      for (const { name, help, labels, values, amount } of report.counts) {
        meter
          .counter(name, help, labels)
          .with(...values)
          .add(amount);
      }
      for (const { name, help, buckets, labels, values, seconds, times } of report.samples) {
        meter
          .histogram(name, help, buckets, labels)
          .with(...values)
          .record(seconds, times);
      }
      for (const { name, help, value } of report.observed) valuesOf(name, help).set(source, value);
    },
    forget(source) {
      for (const values of observed.values()) values.delete(source);
    },
  };
}
