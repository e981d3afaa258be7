import type { FinishedSpan } from '../../platform/index.ts';
import type { HttpStep } from '../../platform/http/index.ts';
import type { RequestRecord } from './record.ts';
import type { Attempt, Trail } from './trail.ts';

/** The steps of a request in the order in which they happen. */
const ORDER: readonly HttpStep[] = [
  'queue',
  'dns',
  'connect',
  'tunnel',
  'tls',
  'first-byte',
  'transfer',
];

/** The client's request; attribute names as OpenTelemetry's HTTP conventions have them. */
export function requestSpan(trail: Trail, record: RequestRecord, kind: string): FinishedSpan {
  const end = trail.startedMilliseconds + (record.milliseconds ?? 0);
  return {
    name: `${record.method} ${kind}`,
    kind: 'server',
    trace: trail.trace,
    span: trail.span,
    parent: trail.parent,
    startMilliseconds: trail.startedMilliseconds,
    endMilliseconds: end,
    attributes: {
      'http.request.method': record.method,
      'http.response.status_code': record.status,
      'http.response.body.size': record.bytes,
      'url.path': record.path,
      'cofferdam.kind': kind,
      'cofferdam.cache': record.outcome,
      ...(record.client === undefined ? {} : { 'client.address': record.client }),
      ...(record.userAgent === undefined ? {} : { 'user_agent.original': record.userAgent }),
    },
    events: [],
    // Only what is our own fault or an upstream's is an error of a server.
    failure: record.status >= 500 ? (record.cause ?? `status ${record.status}`) : undefined,
  };
}

/** One request to an upstream, as a child of the client's. */
export function attemptSpan(trail: Trail, attempt: Attempt): FinishedSpan {
  const { startedMilliseconds: start, phases } = attempt;
  const events: { name: string; milliseconds: number }[] = [];
  let at = start;
  for (const step of ORDER) {
    const took = phases[step];
    if (took !== undefined) {
      at += took;
      events.push({ name: step, milliseconds: at });
    }
  }
  const status = /^\d{3}$/u.test(attempt.outcome) ? Number(attempt.outcome) : undefined;
  const [address = '', port] = splitHost(attempt.upstream);
  return {
    name: 'GET',
    kind: 'client',
    trace: trail.trace,
    span: attempt.span,
    parent: trail.span,
    startMilliseconds: start,
    endMilliseconds: Math.max(at, start + attempt.milliseconds),
    attributes: {
      'http.request.method': 'GET',
      'server.address': address,
      ...(port === undefined ? {} : { 'server.port': Number(port) }),
      'url.path': attempt.path,
      ...(status === undefined
        ? { 'error.type': attempt.outcome }
        : { 'http.response.status_code': status }),
    },
    events,
    failure: status === undefined || status >= 500 ? attempt.outcome : undefined,
  };
}

function splitHost(host: string): readonly (string | undefined)[] {
  const match = /^(.*?)(?::(\d+))?$/u.exec(host);
  return match === null ? [host] : match.slice(1);
}
