import type { Clock } from '../platform/index.ts';
import type { KnownAnswer } from './facts/index.ts';

/** Marks an old answer as old (interface.md, Answers; RFC 9111 5.1 and the Warning codes of RFC 7234). */
export function staleHeaders(clock: Clock, answer: KnownAnswer): readonly string[] {
  return ['Age', String(ageSeconds(clock, answer)), 'Warning', '110 - "Response is Stale"'];
}

export function ageSeconds(clock: Clock, answer: KnownAnswer): number {
  const age = clock.epochMilliseconds() - answer.fetchedMilliseconds;
  return Math.max(0, Math.trunc(age / 1000));
}
