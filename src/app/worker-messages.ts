import type { LogLevel } from '../platform/index.ts';
import type { MeterReport } from '../platform/workers/index.ts';
import type { Level, RequestRecord } from '../proxy/front/index.ts';

/** What the primary tells a worker. */
export type ToWorker =
  | { readonly kind: 'serve'; readonly order: WorkerOrder }
  /** One path, or everything. */
  | { readonly kind: 'forget'; readonly path?: string }
  /** How far the service is degraded, which every answer says. */
  | { readonly kind: 'level'; readonly level: Level }
  | { readonly kind: 'stop'; readonly graceMilliseconds: number };

export interface WorkerOrder {
  /** PEM text. */
  readonly tls: { readonly certificate: string; readonly key: string } | undefined;
  /** Where the engine listens. */
  readonly socketPath: string;
  readonly memoryBytes: number;
  readonly level: Level;
  readonly log: {
    readonly level: LogLevel;
    readonly format: 'json' | 'text';
    readonly color: boolean;
  };
}

/** What a worker tells the primary. */
export type FromWorker =
  /** Connections may come. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly error: WorkerError }
  | { readonly kind: 'told'; readonly report: WorkerReport };

export interface WorkerError {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}

/** Since the last one. */
export interface WorkerReport {
  readonly metrics: MeterReport;
  /** Hits, for the record of requests. */
  readonly hits: readonly RequestRecord[];
}

/** The word that makes this program a worker; nobody types it. */
export const WORKER_WORD = 'worker-process';
