import type { Clock, Files, HttpClient, Locks, Logger, Random } from '../platform/index.ts';
import type { Credentials } from '../proxy/index.ts';

/** The real adapters, made once by the program. */
export interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly files: Files;
  readonly locks: Locks;
  readonly logger: Logger;
  readonly http: HttpClient;
  /** For upstreams that want some. */
  readonly credentials?: Credentials | undefined;
}
