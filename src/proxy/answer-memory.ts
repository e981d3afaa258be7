import type { Clock } from '../platform/index.ts';
import type { Facts, KnownAnswer } from './facts/index.ts';

/** Answers that can change, fresh for a short time and kept for the days when upstreams fail. */
export interface AnswerMemory {
  /** Unless it was forgotten after it was asked. */
  remember(
    key: string,
    answer: Omit<KnownAnswer, 'fetchedMilliseconds'>,
    askedMilliseconds?: number,
  ): KnownAnswer;
  /** Undefined when nothing is known or it is no longer fresh. */
  fresh(key: string): KnownAnswer | undefined;
  /** Whether a fresh answer soon expires. */
  isAgeing(answer: KnownAnswer): boolean;
  /**
   * What is known of a module and of all below its path is no longer fresh, and its absences are no longer
   * known at all. Gives how many fresh answers there were.
   */
  forget(escapedPath: string): number;
  /** What was certain within the last days, for when nobody can be asked. */
  stale(key: string): Promise<KnownAnswer | undefined>;
  /** For a while after a failure the stale answer is given without asking again. */
  holdOff(key: string): void;
  isHeldOff(key: string): boolean;
}

/** Go's public mirror lets clients keep lists and 404s for a minute as well (reference 1.13). */
const FRESH_MILLISECONDS = 60_000;
/** With a quarter left there is time to ask again, and a busy list costs five requests in four minutes. */
const AGEING_MILLISECONDS = 45_000;
/** interface.md, Answers: an absence that was certain in the last 7 days is served as stale. */
const STALE_MILLISECONDS = 7 * 24 * 60 * 60 * 1000;
/** While upstreams fail, each list costs a walk with retries; a few seconds apart is enough. */
const HOLD_OFF_MILLISECONDS = 5_000;
/** Longer than any question: until then an answer may come that was asked before. */
const FORGOTTEN_MILLISECONDS = 300_000;
const MAXIMUM_ENTRIES = 20_000;
const MAXIMUM_BYTES = 64 * 1024 * 1024;

export interface AnswerMemorySettings {
  /**
   * Names the upstreams that are asked now: an absence says nothing of others, so whoever mends a wrong
   * list must not meet it again. Undefined where nobody is asked.
   */
  readonly sources: string | undefined;
}

export function createAnswerMemory(
  needs: {
    readonly clock: Clock;
    readonly facts: Pick<Facts, 'absencesForgotten' | 'answerKnown' | 'recallAnswer'>;
  },
  { sources }: AnswerMemorySettings,
): AnswerMemory {
  const known = new Map<string, KnownAnswer>();
  const heldOff = new Map<string, number>();
  let bytes = 0;

  /** Paths that were forgotten, and when. */
  const forgotten = new Map<string, number>();

  function drop(key: string): void {
    const answer = known.get(key);
    if (answer !== undefined) {
      known.delete(key);
      bytes -= answer.body.length;
    }
  }

  function age(answer: KnownAnswer): number {
    return needs.clock.epochMilliseconds() - answer.fetchedMilliseconds;
  }

  function isOfOthers(answer: KnownAnswer): boolean {
    const ofWhom = answer.sources;
    return (
      answer.status !== 200 && sources !== undefined && ofWhom !== undefined && ofWhom !== sources
    );
  }

  /** Not at all in most processes, so that it costs nothing there. */
  function wasForgotten(key: string, since: number): boolean {
    for (
      let end = key.indexOf('/');
      end > 0 && forgotten.size > 0;
      end = key.indexOf('/', end + 1)
    ) {
      const at = forgotten.get(key.slice(0, end));
      if (at !== undefined && at >= since) {
        return true;
      }
    }
    return false;
  }

  function noteForgotten(escapedPath: string): void {
    const now = needs.clock.epochMilliseconds();
    forgotten.delete(escapedPath);
    forgotten.set(escapedPath, now);
    for (const [path, at] of forgotten) {
      if (now - at < FORGOTTEN_MILLISECONDS && forgotten.size <= MAXIMUM_ENTRIES) {
        break;
      }
      forgotten.delete(path);
    }
  }

  return {
    isAgeing: (answer) => age(answer) >= AGEING_MILLISECONDS,
    forget(escapedPath) {
      const below = `${escapedPath}/`;
      let count = 0;
      for (const [key, answer] of known) {
        if (key.startsWith(below)) {
          count += age(answer) < FRESH_MILLISECONDS ? 1 : 0;
          drop(key);
          heldOff.delete(key);
        }
      }
      noteForgotten(escapedPath);
      needs.facts.absencesForgotten(escapedPath);
      return count;
    },
    remember(key, answer, askedMilliseconds) {
      const now = needs.clock.epochMilliseconds();
      const entry = { ...answer, fetchedMilliseconds: now, sources };
      if (askedMilliseconds !== undefined && wasForgotten(key, askedMilliseconds)) {
        return entry;
      }
      drop(key);
      known.set(key, entry);
      heldOff.delete(key);
      bytes += answer.body.length;
      for (const oldest of known.keys()) {
        if (known.size <= MAXIMUM_ENTRIES && bytes <= MAXIMUM_BYTES) {
          break;
        }
        drop(oldest);
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
      return answer !== undefined && age(answer) < STALE_MILLISECONDS && !isOfOthers(answer)
        ? answer
        : undefined;
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
