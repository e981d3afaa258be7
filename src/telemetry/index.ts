// Metrics for people and Prometheus, and traces for OpenTelemetry: the adapters behind the ports.
export { createSpanExport } from './otlp-spans.ts';
export type { SpanExport } from './otlp-spans.ts';
export { createPrometheusMeter } from './prometheus-meter.ts';
export type { PrometheusMeter } from './prometheus-meter.ts';
