import type { AskSettings } from './ask-upstream.ts';
import type { RetrySettings } from './retry-plan.ts';

/** How long a walk waits for what; times are milliseconds. */
export interface WalkSettings extends AskSettings, RetrySettings {
  // `headersMilliseconds` is the silence after which the whole walk ends, not one request of it.
  /** No try begins later than this after the start, or after the last progress. */
  readonly patienceMilliseconds: number;
  /** How long an upstream that is known to fail may stay silent. */
  readonly unhealthySilenceMilliseconds: number;
  /** After so much silence the next upstream is asked as well, where the list allows it. */
  readonly overtakeMilliseconds: number;
  /** A second request for a small resource follows so much after the recent p95. */
  readonly hedgeMarginMilliseconds: number;
  /** After so much silence the same upstream is asked on another connection; doubled each time. */
  readonly rescueMilliseconds: number;
  /** So many requests at once for one resource at one upstream. */
  readonly simultaneousAttempts: number;
}
