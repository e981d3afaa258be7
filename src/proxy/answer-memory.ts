import type { Clock } from '../platform/index.ts';
import type { Facts, KnownAnswer } from './facts/index.ts';

/** Answers that can change, fresh for a short time and kept for the days when upstreams fail. */
export interface AnswerMemory {
  remember(key: string, answer: Omit<KnownAnswer, 'fetchedMilliseconds'>): KnownAnswer;
  /** Undefined when nothing is known or it is no longer fresh. */
  fresh(key: string): KnownAnswer | undefined;
  /** What was certain within the last days, for when nobody can be asked. */
  stale(key: string): Promise<KnownAnswer | undefined>;
  /** For a while after a failure the stale answer is given without asking again. */
  holdOff(key: string): void;
  isHeldOff(key: string): boolean;
}

/** Go's public mirror lets clients keep lists and 404s for a minute as well (reference 1.13). */
const FRESH_MILLISECONDS = 60_000;
/** interface.md, Answers: an absence that was certain in the last 7 days is served as stale. */
const STALE_MILLISECONDS = 7 * 24 * 60 * 60 * 1000;
/** While upstreams fail, each list costs a walk with retries; a few seconds apart is enough. */
const HOLD_OFF_MILLISECONDS = 5_000;
const MAXIMUM_ENTRIES = 20_000;
const MAXIMUM_BYTES = 64 * 1024 * 1024;

export function createAnswerMemory(needs: {
  readonly clock: Clock;
  readonly facts: Pick<Facts, 'answerKnown' | 'recallAnswer'>;
}): AnswerMemory {
  const known = new Map<string, KnownAnswer>();
  const heldOff = new Map<string, number>();
  let bytes = 0;

  function forget(key: string): void {
    const answer = known.get(key);
    if (answer !== undefined) {
      known.delete(key);
      bytes -= answer.body.length;
    }
  }

  function age(answer: KnownAnswer): number {
    return needs.clock.epochMilliseconds() - answer.fetchedMilliseconds;
  }

  return {
    remember(key, answer) {
      const entry = { ...answer, fetchedMilliseconds: needs.clock.epochMilliseconds() };
      forget(key);
      known.set(key, entry);
      heldOff.delete(key);
      bytes += answer.body.length;
      for (const oldest of known.keys()) {
        if (known.size <= MAXIMUM_ENTRIES && bytes <= MAXIMUM_BYTES) {
          break;
        }
        forget(oldest);
      }
      needs.facts.answerKnown(key, entry);
      return entry;
    },
    fresh(key) {
      const answer = known.get(key);
      return answer !== undefined && age(answer) < FRESH_MILLISECONDS ? answer : undefined;
    },
    async stale(key) {
      const answer = known.get(key) ?? (await needs.facts.recallAnswer(key));
      return answer !== undefined && age(answer) < STALE_MILLISECONDS ? answer : undefined;
    },
    holdOff(key) {
      if (heldOff.size >= MAXIMUM_ENTRIES) {
        heldOff.clear();
      }
      heldOff.set(key, needs.clock.monotonicMilliseconds() + HOLD_OFF_MILLISECONDS);
    },
    isHeldOff(key) {
      const until = heldOff.get(key);
      return until !== undefined && needs.clock.monotonicMilliseconds() < until;
    },
  };
}
