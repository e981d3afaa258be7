import type { Failed } from './answer.ts';

/** When to try again at one upstream; times are milliseconds. */
export interface RetrySettings {
  /** Tries at one upstream in one walk. */
  readonly attempts: number;
  /** The same for content that cannot be true: it says nothing about load, and each one is a download. */
  readonly contentAttempts: number;
  /** Full jitter: each wait is a random share of this, doubled with each try. */
  readonly retryBaseMilliseconds: number;
  readonly retryCapMilliseconds: number;
  /** A longer Retry-After is cut to this: waiting longer serves nobody who builds. */
  readonly retryAfterCapMilliseconds: number;
}

/** How a try failed: by what it sent with 200, or before that. */
export type FailureSource = 'answer' | 'content';

/** Statuses that a moment later may be over (RFC 9110 15.5.9, 15.6; 52x: an edge that lost its origin). */
const PASSING_STATUSES: ReadonlySet<number> = new Set([
  408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524,
]);

export function isPassing(status: number): boolean {
  return PASSING_STATUSES.has(status);
}

/** False for what is the same on the next try. */
export function mayPass(failure: Failed, source: FailureSource): boolean {
  if (failure.status !== undefined) {
    return isPassing(failure.status);
  }
  if (failure.kind === 'unavailable' || failure.kind === 'timeout') {
    return true;
  }
  // A redirect to nowhere or a wrong certificate stays; a wrong body may be a captive portal's.
  return failure.kind === 'invalid' && source === 'content';
}

/** How long to wait before the next try; undefined when there is none. `failures` counts this one. */
export function retryDelay(
  settings: RetrySettings,
  failure: Failed,
  source: FailureSource,
  failures: number,
  fraction: number,
): number | undefined {
  const isContent = source === 'content' && failure.kind === 'invalid';
  const limit = isContent ? settings.contentAttempts : settings.attempts;
  if (failures >= limit || !mayPass(failure, source)) {
    return undefined;
  }
  const base = settings.retryBaseMilliseconds / (isContent ? 2 : 1);
  const longest = Math.min(settings.retryCapMilliseconds, base * 2 ** (failures - 1));
  const asked = Math.min(
    settings.retryAfterCapMilliseconds,
    (failure.retryAfterSeconds ?? 0) * 1000,
  );
  return asked + longest * fraction;
}
