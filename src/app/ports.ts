import type { Clock, Files, Locks, Logger, Random, SpanSink } from '../platform/index.ts';
import type { HttpClient } from '../platform/http/index.ts';
import type { WorkerProcesses } from '../platform/workers/index.ts';
import type { Credentials } from '../proxy/index.ts';

/** The real adapters, made once by the program. */
export interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly files: Files;
  readonly locks: Locks;
  readonly logger: Logger;
  readonly http: HttpClient;
  /** Where finished spans go, when somebody wants them. */
  readonly spans?: SpanSink | undefined;
  /** For more than one process that answers. */
  readonly workerProcesses?: WorkerProcesses | undefined;
  /** For upstreams that want some. */
  readonly credentials?: Credentials | undefined;
}
