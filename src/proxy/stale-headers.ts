import type { Clock } from '../platform/index.ts';
import type { KnownAnswer } from './facts/index.ts';

/** Marks an old answer as old (interface.md, Answers; RFC 9111 5.1 and the Warning codes of RFC 7234). */
export function staleHeaders(clock: Clock, answer: KnownAnswer): readonly string[] {
  const age = Math.max(
    0,
    Math.trunc((clock.epochMilliseconds() - answer.fetchedMilliseconds) / 1000),
  );
  return ['Age', String(age), 'Warning', '110 - "Response is Stale"'];
}
