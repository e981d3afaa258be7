import type { Logger } from '../platform/index.ts';
import type { HttpClient } from '../platform/http/index.ts';
import type { ProxyNeeds, ProxySettings } from './proxy-settings.ts';
import {
  REQUEST_LOG_LIMITS,
  createFailedRequests,
  createOpenRequests,
  createRequestLog,
  createTracedHttp,
  createTracedLogger,
  createTrailScope,
  createTrails,
} from './requests/index.ts';
import type {
  FailedRequest,
  KeptRecord,
  OpenRequests,
  RequestFilter,
  RequestRecord,
  TrailScope,
  Trails,
} from './requests/index.ts';
import { createSpanIds, createTraceIds } from './trace.ts';

/** One trace from a client's request to the upstreams, in the log, the record and the export. */
export interface RequestTracing {
  readonly traceOf: (traceparent: string | undefined) => string;
  readonly scope: TrailScope;
  readonly trails: Trails;
  readonly logger: Logger;
  readonly open: OpenRequests;
  /** What the engine uses in place of the plain ones. */
  readonly ports: { readonly http: HttpClient; readonly logger: Logger };
  find(filter: RequestFilter): Promise<readonly KeptRecord[]>;
  failures(): readonly RequestRecord[];
  failedRequests(): readonly FailedRequest[];
  /** What another process answered for this one. */
  recorded(records: readonly RequestRecord[]): void;
  close(): Promise<void>;
}

export function createRequestTracing(
  needs: ProxyNeeds,
  settings: Pick<ProxySettings, 'recordRequests'>,
): RequestTracing {
  const traceOf = createTraceIds(needs.random);
  const spans = createSpanIds(needs.random);
  const scope = createTrailScope();
  const sink = needs.spans;
  const log = settings.recordRequests ? createRequestLog(needs, REQUEST_LOG_LIMITS) : undefined;
  const failed = createFailedRequests();
  function ended(record: RequestRecord): void {
    failed.add(record);
    log?.add(record);
  }
  const logger = createTracedLogger(needs.logger, scope);
  const open = createOpenRequests(needs.clock);
  const traces = (): string => traceOf(undefined);
  return {
    traceOf,
    scope,
    trails: createTrails({ ...needs, spans, hit: log?.add, ended, sink }),
    logger,
    open,
    ports: { http: createTracedHttp({ ...needs, scope, open, spans, traces, sink }), logger },
    find: async (filter) => (await log?.find(filter)) ?? [],
    failures: () => log?.failures() ?? [],
    failedRequests: failed.list,
    recorded(records) {
      for (const record of records) log?.add(record);
    },
    close: async () => log?.close(),
  };
}
