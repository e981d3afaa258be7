import type { HrTime, SpanContext } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { Clock, FinishedSpan, Logger, SpanSink } from '../platform/index.ts';
import { readOtlpWish } from './otlp-settings.ts';

/** Sends spans to an OpenTelemetry collector. */
export interface SpanExport extends SpanSink {
  /** Sends what waits, and stops. */
  close(): Promise<void>;
}

export interface SpanExportNeeds {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Spans that wait for the collector: some megabytes. Above it they are dropped. */
const MAXIMUM_WAITING = 4096;
const BATCH = 512;
/** How long a span waits for others. */
const BATCH_MILLISECONDS = 2000;
/** The end of the program waits for no collector longer than this. */
const CLOSE_MILLISECONDS = 3000;
/** A collector that is away must not fill the log. */
const FAILURES_PER_LINE = 50;

/**
 * The export that the environment asks for, or undefined. OpenTelemetry's own packages are loaded only
 * then: nobody else pays for them at the start.
 */
export async function createSpanExport(
  needs: SpanExportNeeds,
  settings: { readonly version: string },
): Promise<SpanExport | undefined> {
  const wish = readOtlpWish(needs.environment);
  if (wish.kind === 'unsupported') {
    needs.logger.warn('traces are not exported', { problem: wish.problem });
  }
  if (wish.kind !== 'export') return undefined;
  const { OTLPTraceExporter } =
    wish.protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  const { BatchSpanProcessor } = await import('@opentelemetry/sdk-trace');
  const toReadable = await createConversion(settings.version);
  const processor = new BatchSpanProcessor({
    exporter: tellFailures(new OTLPTraceExporter(), needs.logger),
    maxQueueSize: MAXIMUM_WAITING,
    maxExportBatchSize: BATCH,
    scheduledDelayMillis: BATCH_MILLISECONDS,
  });
  return {
    ended(span) {
      processor.onEnd(toReadable(span));
    },
    async close() {
      const gone = processor.shutdown().catch((error: unknown) => {
        needs.logger.warn('the last spans could not be exported', { problem: String(error) });
      });
      await Promise.race([gone, needs.clock.sleep(CLOSE_MILLISECONDS)]);
    },
  };
}

/** What a collector refuses is told at first and then now and again; requests do not notice it. */
function tellFailures(exporter: SpanExporter, logger: Logger): SpanExporter {
  let failures = 0;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.error !== undefined && failures++ % FAILURES_PER_LINE === 0) {
          const problem = result.error.message;
          logger.warn('spans could not be exported', { spans: spans.length, failures, problem });
        }
        done(result);
      });
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: async () => exporter.shutdown(),
  };
}

async function createConversion(version: string): Promise<(span: FinishedSpan) => ReadableSpan> {
  const { SpanKind, SpanStatusCode, TraceFlags } = await import('@opentelemetry/api');
  const { defaultResource, detectResources, envDetector, resourceFromAttributes } =
    await import('@opentelemetry/resources');
  const named = resourceFromAttributes({ 'service.name': 'cofferdam', 'service.version': version });
  // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES go before our own words.
  const resource = defaultResource()
    .merge(named)
    .merge(detectResources({ detectors: [envDetector] }));
  const scope = { name: 'cofferdam', version };
  const contextOf = (traceId: string, spanId: string): SpanContext => ({
    traceId,
    spanId,
    traceFlags: TraceFlags.SAMPLED,
  });
  return (span) => {
    const { trace, parent, startMilliseconds, endMilliseconds, failure } = span;
    const own = contextOf(trace, span.span);
    return {
      name: span.name,
      kind: span.kind === 'server' ? SpanKind.SERVER : SpanKind.CLIENT,
      spanContext: () => own,
      ...(parent === undefined ? {} : { parentSpanContext: contextOf(trace, parent) }),
      startTime: hrTime(startMilliseconds),
      endTime: hrTime(endMilliseconds),
      duration: hrTime(endMilliseconds - startMilliseconds),
      status:
        failure === undefined
          ? { code: SpanStatusCode.UNSET }
          : { code: SpanStatusCode.ERROR, message: failure },
      attributes: span.attributes,
      links: [],
      events: span.events.map(({ name, milliseconds }) => ({ name, time: hrTime(milliseconds) })),
      ended: true,
      resource,
      instrumentationScope: scope,
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    };
  };
}

/** Seconds and nanoseconds. */
function hrTime(milliseconds: number): HrTime {
  const seconds = Math.trunc(milliseconds / 1000);
  return [seconds, Math.round((milliseconds - seconds * 1000) * 1e6)];
}
