import type {
  Clock,
  Files,
  HttpClient,
  Locks,
  Logger,
  Random,
  SpanSink,
  WorkerProcesses,
} from '../platform/index.ts';
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
