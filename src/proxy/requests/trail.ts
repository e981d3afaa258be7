import { AsyncLocalStorage } from 'node:async_hooks';
import type { HttpStep } from '../../platform/http/index.ts';

/** One request to an upstream, made for a client's request. */
export interface Attempt {
  /** W3C span id: what the upstream got as `parent-id`. */
  readonly span: string;
  /** Host and port. */
  readonly upstream: string;
  readonly path: string;
  readonly startedMilliseconds: number;
  /** The status, or the code of the error; `running` until there is one. */
  outcome: string;
  /** To the headers, or to the failure. */
  milliseconds: number;
  readonly phases: Partial<Record<HttpStep, number>>;
}

/** What one client's request sets off, as far as it is known while it is answered. */
export interface Trail {
  readonly trace: string;
  readonly span: string;
  /** The caller's own span, when it told one. */
  readonly parent: string | undefined;
  readonly startedMilliseconds: number;
  readonly attempts: Attempt[];
  /** True once it is told: what comes later is told by itself. */
  ended: boolean;
}

/** A list that retries and falls through makes a dozen; a prefetch of a whole build is not one request. */
const MAXIMUM_ATTEMPTS = 32;

export function addAttempt(trail: Trail, attempt: Attempt): void {
  if (trail.attempts.length < MAXIMUM_ATTEMPTS) {
    trail.attempts.push(attempt);
  }
}

/**
 * Which client's request the code that runs now is for. It follows the work through promises, timers
 * and queues, so that nothing between the request and the upstream has to pass it on; a hit does not
 * enter it at all.
 */
export interface TrailScope {
  run<Result>(trail: Trail, work: () => Result): Result;
  current(): Trail | undefined;
}

export function createTrailScope(): TrailScope {
  const storage = new AsyncLocalStorage<Trail>();
  return {
    run: (trail, work) => storage.run(trail, work),
    current: () => storage.getStore(),
  };
}
