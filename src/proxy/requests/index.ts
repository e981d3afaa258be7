// Each request from its arrival to the upstreams: its trail, the record that is kept, the spans that are exported.
export { REQUEST_LOG_LIMITS, createRequestLog } from './request-log.ts';
export type { KeptRecord, RequestFilter, RequestRecord } from './record.ts';
export { reasonMigration, requestMigration } from './request-table.ts';
export { createFailedRequests } from './failed-requests.ts';
export type { FailedRequest } from './failed-requests.ts';
export { createOpenRequests } from './open-requests.ts';
export type { OpenRequest, OpenRequests } from './open-requests.ts';
export { createTracedHttp } from './traced-http.ts';
export { createTracedLogger } from './traced-logger.ts';
export { createTrailScope } from './trail.ts';
export type { TrailScope } from './trail.ts';
export { createTrails } from './trails.ts';
export type { Trails } from './trails.ts';
