import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { Meter } from '../platform/index.ts';
import { BucketHistogram } from './bucket-histogram.ts';

export interface PrometheusMeter {
  readonly meter: Meter;
  /** The Prometheus text format, and its Content-Type. */
  render(): Promise<{ readonly text: string; readonly contentType: string }>;
  /** Each series of one counter or gauge; none when there is no such metric. */
  read(name: string): Promise<readonly Series[]>;
}

export interface Series {
  readonly labels: Readonly<Partial<Record<string, string | number>>>;
  readonly value: number;
}

/** Gauges called `_total`, which Prometheus keeps for counters; the gauges by type say the same. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

/** The meter port on prom-client. Names follow Prometheus's own rules; asking twice gives the same metric. */
export function createPrometheusMeter(settings: { readonly version: string }): PrometheusMeter {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  new Gauge({
    name: 'cofferdam_build_info',
    help: 'Always 1; the labels tell which program this is.',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version: settings.version, node: process.versions.node }, 1);
  const known = new Map<string, Counter | Gauge | BucketHistogram>();

  function once<Metric extends Counter | Gauge | BucketHistogram>(
    name: string,
    make: () => Metric,
  ): Metric {
    const metric = known.get(name) ?? make();
    known.set(name, metric);
    // A name belongs to one kind of metric; prom-client itself refuses a second registration.
    return metric as Metric;
  }

  const reads = new Map<string, () => number>();
  const pending = createPendingCounts();
  const meter: Meter = {
    counter(name, help, labels = []) {
      const counter = once(
        name,
        () => new Counter({ name, help, labelNames: [...labels], registers: [registry] }),
      );
      return {
        with: (...values) => pending.bind(name, counter, values),
      };
    },
    gauge(name, help, labels = []) {
      const gauge = once(
        name,
        () => new Gauge({ name, help, labelNames: [...labels], registers: [registry] }),
      );
      return {
        with: (...values) => {
          const bound = gauge.labels(...values);
          return {
            set: (value) => {
              bound.set(value);
            },
            add: (amount) => {
              bound.inc(amount);
            },
          };
        },
      };
    },
    observe(name, help, read) {
      // After a reload it is the new engine that knows.
      reads.set(name, read);
      once(
        name,
        () =>
          new Gauge({
            name,
            help,
            registers: [registry],
            collect() {
              this.set(reads.get(name)?.() ?? 0);
            },
          }),
      );
    },
    histogram(name, help, buckets, labels = []) {
      const histogram = once(name, () => {
        const made = new BucketHistogram({ name, help, buckets, labels });
        registry.registerMetric(made);
        return made;
      });
      return { with: (...values) => histogram.bind(values) };
    },
  };

  return {
    meter,
    async render() {
      pending.flush();
      return { text: await registry.metrics(), contentType: registry.contentType };
    },
    async read(name) {
      pending.flush();
      const metric = await registry.getSingleMetric(name)?.get();
      return metric?.values ?? [];
    },
  };
}

interface PendingCounts {
  bind(name: string, counter: Counter, values: readonly string[]): { add(amount?: number): void };
  flush(): void;
}

/**
 * prom-client looks its labels up anew with each increment, which costs more than answering a hit; so
 * counts are gathered here and handed over when somebody reads them.
 */
function createPendingCounts(): PendingCounts {
  const bound = new Map<string, { add(amount?: number): void; flush(): void }>();
  return {
    bind(name, counter, values) {
      const key = JSON.stringify([name, ...values]);
      const known = bound.get(key);
      if (known !== undefined) return known;
      let waiting = 0;
      const made = {
        add(amount = 1) {
          waiting += amount;
        },
        flush() {
          counter.labels(...values).inc(waiting);
          waiting = 0;
        },
      };
      bound.set(key, made);
      return made;
    },
    flush() {
      for (const { flush } of bound.values()) flush();
    },
  };
}
