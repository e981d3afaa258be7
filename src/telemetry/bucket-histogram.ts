import { Histogram } from 'prom-client';

/** One series: a count for each bucket, the last one for what is above all bounds. */
interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly counts: Float64Array;
  sum: number;
}

export interface BucketSettings {
  readonly name: string;
  readonly help: string;
  /** Upper bounds in seconds. */
  readonly buckets: readonly number[];
  readonly labels: readonly string[];
}

/**
 * A histogram that costs an addition: prom-client's own looks its labels up anew with each value, and
 * cannot take one value for several.
 */
export class BucketHistogram extends Histogram {
  readonly #series = new Map<string, Series>();
  readonly #settings: BucketSettings;

  constructor(settings: BucketSettings) {
    const { name, help, labels, buckets } = settings;
    super({ name, help, labelNames: [...labels], buckets: [...buckets], registers: [] });
    this.#settings = settings;
  }

  bind(values: readonly string[]): { record(seconds: number, times?: number): void } {
    const { buckets, labels } = this.#settings;
    const key = JSON.stringify(values);
    let series = this.#series.get(key);
    if (series === undefined) {
      const named = labels.map((label, index) => [label, values[index] ?? ''] as const);
      series = {
        labels: Object.fromEntries(named),
        counts: new Float64Array(buckets.length + 1),
        sum: 0,
      };
      this.#series.set(key, series);
    }
    const { counts } = series;
    const bound = series;
    return {
      record(seconds, times = 1) {
        let index = 0;
        while (index < buckets.length && seconds > (buckets[index] ?? 0)) index += 1;
        counts[index] = (counts[index] ?? 0) + times;
        bound.sum += seconds * times;
      },
    };
  }

  override async get(): ReturnType<Histogram['get']> {
    const { name, help, buckets } = this.#settings;
    const values = [...this.#series.values()].flatMap(({ labels, counts, sum }) => {
      let total = 0;
      const cumulative = Array.from(counts, (count, index) => {
        total += count;
        const le = index < buckets.length ? String(buckets[index]) : '+Inf';
        return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: total };
      });
      return [
        ...cumulative,
        { metricName: `${name}_sum`, labels, value: sum },
        { metricName: `${name}_count`, labels, value: total },
      ];
    });
    return { name, help, type: 'histogram', aggregator: 'sum', values } as unknown as Awaited<
      ReturnType<Histogram['get']>
    >;
  }

  /** What prom-client writes the text from; not in its types. */
  async getForPromString(): ReturnType<Histogram['get']> {
    return this.get();
  }
}
