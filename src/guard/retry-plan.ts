import type { Random } from '../platform/index.ts';
import type { FailureReport } from './failure-reader.ts';

export const RETRY_LIMITS = {
  /** More than three tries of one thing only load whoever is in trouble. */
  downloadAttempts: 3,
  /** The engine is patient for 18 s by itself: what fails after that has been tried enough. */
  downloadMilliseconds: 15_000,
  baseMilliseconds: 1000,
  capMilliseconds: 10_000,
} as const;

/** Full jitter: builds that failed together must not come back together. */
export function retryWait(random: Pick<Random, 'fraction'>, attempt: number): number {
  const { baseMilliseconds, capMilliseconds } = RETRY_LIMITS;
  const longest = Math.min(capMilliseconds, baseMilliseconds * 2 ** (attempt - 1));
  return Math.round(random.fraction() * longest);
}

/** Whether another try of the same may end otherwise, by the root of the failure. */
export function isTransient(report: FailureReport | undefined): boolean {
  const retry = report?.findings[0]?.retry;
  return retry === 'transient' || retry === 'transient-then-permanent';
}
