// Metrics for people and Prometheus: the adapter behind the meter port.
export { createPrometheusMeter } from './prometheus-meter.ts';
export type { PrometheusMeter } from './prometheus-meter.ts';
