import type { CacheOutcome } from './protocol/index.ts';

/** What was said to the client, for the counters. */
export interface Answered {
  readonly status: number;
  readonly outcome: CacheOutcome;
  /** Of the body, before any coding; absent for what is not a resource. */
  readonly bytes?: number;
}
