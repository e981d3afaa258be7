/** Metrics as a port: features count here, `telemetry` adapts it to Prometheus. */
export interface Meter {
  /** Name by Prometheus rules (`cofferdam_requests_total`). Asking again gives the same counter. */
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  gauge(name: string, help: string, labels?: readonly string[]): Gauge;
  /** A gauge read at scrape time; asking again replaces who is asked. */
  observe(name: string, help: string, read: () => number): void;
  /** Seconds; buckets are upper bounds. */
  histogram(
    name: string,
    help: string,
    buckets: readonly number[],
    labels?: readonly string[],
  ): Histogram;
}

export interface Counter {
  /** Binds label values in the order of `labels`; keep the result on hot paths. */
  with(...values: readonly string[]): { add(amount?: number): void };
}

export interface Gauge {
  with(...values: readonly string[]): { set(value: number): void; add(amount: number): void };
}

export interface Histogram {
  /** `times`: a sample that stands for so many. */
  with(...values: readonly string[]): { record(seconds: number, times?: number): void };
}
