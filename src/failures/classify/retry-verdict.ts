import type { Retry } from '../catalogue/index.ts';
import type { Candidate } from './candidate.ts';
import { isPrivateHost, isPublicHost } from './target.ts';

/** Tries that failed alike before something that may pass counts as something that stays. */
const TRIES_UNTIL_PERMANENT = 3;

export interface RetryFacts {
  /** Ids that the previous run of the same commit ended with. */
  readonly previousIds: readonly string[];
}

/** Whether trying again helps: from the id, whom it concerned and how often it happened (reference B3.5). */
export function retryVerdict(
  candidate: Candidate,
  others: readonly Candidate[],
  facts: RetryFacts,
): Retry {
  const { failure, target } = candidate;
  const retry = byTarget(candidate, failure.retry);
  if (retry !== 'transient-then-permanent') return retry;
  if (facts.previousIds.includes(failure.id)) return 'permanent';
  const again = others.filter(
    (other) => other.failure.id === failure.id && other.target.host === target.host,
  );
  const steps = new Set([candidate, ...again].map(({ step }) => step));
  return steps.size >= TRIES_UNTIL_PERMANENT ? 'permanent' : retry;
}

function byTarget({ failure, target, statement }: Candidate, retry: Retry): Retry {
  const { host } = target;
  if (failure.id === 'dns-no-such-host' && host !== undefined) {
    return isPublicHost(host) && !isPrivateHost(host) ? 'transient-then-permanent' : 'permanent';
  }
  // A chain of trust does not mend itself, whoever was asked.
  const isUmbrella =
    /^(?:sumdb-unreachable|vanity-host-unreachable|toolchain-download-failed|image-registry-unreachable)$/;
  if (isUmbrella.test(failure.id) && /x509:|tls: first record/.test(statement.text))
    return 'permanent';
  return retry;
}
