import type { CacheOutcome } from './protocol/index.ts';
import type { Failed } from './upstream/index.ts';

/** What was said to the client, for the counters and the record. */
export interface Answered {
  readonly status: number;
  readonly outcome: CacheOutcome;
  /** Of the body, before any coding; absent for what is not a resource. */
  readonly bytes?: number;
  /** Why there is no success, in the sentence that the client got. */
  readonly cause?: string;
  /** Of an upstream's failure, for programs; with status 200 the body was broken off because of it. */
  readonly reason?: Failed['reason'];
  /** How old a stale answer is. */
  readonly staleSeconds?: number;
}
