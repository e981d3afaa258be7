import { isProgramError } from '../../platform/index.ts';
import type { Clock, Meter, SpanSink } from '../../platform/index.ts';
import type { HttpClient, HttpRequest, HttpStep } from '../../platform/http/index.ts';
import type { OpenRequests } from './open-requests.ts';
import { addAttempt } from './trail.ts';
import type { Attempt, Trail, TrailScope } from './trail.ts';
import { attemptSpan } from './trail-spans.ts';

export interface TracedHttpNeeds {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly meter: Meter;
  readonly scope: TrailScope;
  readonly open: OpenRequests;
  readonly spans: () => string;
  /** A trace for what no client asked for, such as a health probe. */
  readonly traces: () => string;
  /** Told of requests whose trail has ended, such as those that look ahead. */
  readonly sink: SpanSink | undefined;
}

/** A threshold of 0.1 s is what the field calls a slow name look-up. */
const PHASE_SECONDS = [0.001, 0.005, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 75];
/** Upstreams are a few configured ones; names beyond this many are told together. */
const MAXIMUM_NAMES = 64;

/**
 * The HTTP client of the engine: each request carries the trace of the client's request on (W3C Trace
 * Context 3.2), and is noted in its trail with the time that each phase took.
 */
export function createTracedHttp(needs: TracedHttpNeeds): HttpClient {
  const { http, clock } = needs;
  // Bit 0 says that the caller records this trace, and we know only about ourselves.
  const flags = needs.sink === undefined ? '00' : '01';
  const phases = createPhaseTimes(needs.meter);
  const connections = needs.meter
    .counter('cofferdam_upstream_connections_total', 'Outgoing connections opened.')
    .with();

  return {
    async request(request) {
      const trail = needs.scope.current();
      const attempt = beginAttempt(request, needs.spans(), clock.epochMilliseconds());
      if (trail !== undefined) {
        addAttempt(trail, attempt);
      }
      const began = clock.monotonicMilliseconds();
      const waiting = needs.open.begin(request.url);
      try {
        const response = await http.request(withTrace(request, trail, attempt));
        attempt.outcome = String(response.status);
        return waiting.answered(response);
      } catch (error) {
        waiting.failed();
        attempt.outcome = isProgramError(error) ? error.code : 'failed';
        throw error;
      } finally {
        attempt.milliseconds = clock.monotonicMilliseconds() - began;
        if (trail?.ended === true) needs.sink?.ended(attemptSpan(trail, attempt));
      }
    },
    close: async () => http.close(),
  };

  function withTrace(
    request: HttpRequest,
    trail: Trail | undefined,
    attempt: Attempt,
  ): HttpRequest {
    const trace = trail?.trace ?? needs.traces();
    return {
      ...request,
      headers: { ...request.headers, traceparent: `00-${trace}-${attempt.span}-${flags}` },
      observe(step, milliseconds) {
        attempt.phases[step] = (attempt.phases[step] ?? 0) + milliseconds;
        phases(attempt.upstream, step, milliseconds);
        if (step === 'connect') connections.add();
        request.observe?.(step, milliseconds);
      },
    };
  }
}

function beginAttempt(request: HttpRequest, span: string, startedMilliseconds: number): Attempt {
  const { host, pathname } = URL.parse(request.url) ?? { host: 'unknown', pathname: '' };
  const outcome = 'running';
  const path = pathname.slice(0, MAXIMUM_PATH_CHARACTERS);
  return { span, upstream: host, path, startedMilliseconds, outcome, milliseconds: 0, phases: {} };
}

const MAXIMUM_PATH_CHARACTERS = 512;

function createPhaseTimes(
  meter: Meter,
): (upstream: string, step: HttpStep, milliseconds: number) => void {
  const histogram = meter.histogram(
    'cofferdam_upstream_phase_duration_seconds',
    'Time that a phase of a request to an upstream took.',
    PHASE_SECONDS,
    ['upstream', 'phase'],
  );
  const bound = new Map<string, { record(seconds: number): void }>();
  return (upstream, step, milliseconds) => {
    const key = `${upstream} ${step}`;
    let recorder = bound.get(key);
    if (recorder === undefined) {
      const name = bound.size < MAXIMUM_NAMES * PHASES ? upstream : 'other';
      recorder = histogram.with(name, step.replace('-', '_'));
      if (name === upstream) bound.set(key, recorder);
    }
    recorder.record(milliseconds / 1000);
  };
}

/** As many as HttpStep has. */
const PHASES = 7;
