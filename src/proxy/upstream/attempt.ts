import type { HealthTicket, UpstreamHealth } from '../health/index.ts';
import type { UpstreamAnswer } from './answer.ts';
import { askUpstream } from './ask-upstream.ts';
import type { AskNeeds, AskSettings, Question } from './ask-upstream.ts';
import { measureBody } from './measure-body.ts';
import { takeSmallBody } from './small-body.ts';
import type { UpstreamEntry } from './upstream-list.ts';

/** One request to one upstream, until its headers are here (of small resources: its body too). */
export interface Attempt {
  readonly isHedge: boolean;
  /** Monotonic. */
  readonly startedAt: number;
  readonly ticket: HealthTicket;
  /** Gives it up; whatever it still brings is dropped. */
  cancel(): void;
}

export interface AttemptFacts {
  readonly entry: UpstreamEntry;
  readonly health: UpstreamHealth;
  readonly ticket: HealthTicket;
  readonly isHedge: boolean;
  /** Everything but `.zip`. */
  readonly isSmall: boolean;
}

/** Begins to ask. `ended` is called once, unless the attempt is cancelled before. */
export function startAttempt(
  needs: AskNeeds,
  settings: AskSettings,
  question: Question,
  facts: AttemptFacts,
  ended: (attempt: Attempt, answer: UpstreamAnswer | Error) => void,
): Attempt {
  const { clock } = needs;
  const startedAt = clock.monotonicMilliseconds();
  const giveUp = new AbortController();
  const signal = AbortSignal.any([question.signal, giveUp.signal]);
  let isOver = false;
  const attempt: Attempt = {
    isHedge: facts.isHedge,
    startedAt,
    ticket: facts.ticket,
    cancel() {
      if (!isOver) {
        isOver = true;
        needs.count(facts.entry.name, 'cancelled');
        giveUp.abort(new Error('another answer came first'));
      }
    },
  };
  ask(needs, settings, { ...question, signal }, facts).then(
    (answer) => {
      if (isOver) {
        // It came in the moment in which it was given up.
        if (answer.outcome === 'found') answer.discard();
        return;
      }
      isOver = true;
      ended(attempt, answer);
    },
    (error: unknown) => {
      if (!isOver) {
        isOver = true;
        ended(attempt, error instanceof Error ? error : new Error(String(error)));
      }
    },
  );
  return attempt;
}

async function ask(
  needs: AskNeeds,
  settings: AskSettings,
  question: Question,
  { entry, health, isSmall }: AttemptFacts,
): Promise<UpstreamAnswer> {
  const { clock } = needs;
  const started = clock.monotonicMilliseconds();
  const answer = await askUpstream(needs, settings, entry, question);
  if (answer.outcome === 'failed') {
    return answer;
  }
  const whole = answer.outcome === 'found' && isSmall ? await takeSmallBody(answer) : answer;
  if (whole.outcome === 'failed') {
    return whole;
  }
  const milliseconds = clock.monotonicMilliseconds() - started;
  health.answeredAfter(milliseconds, isSmall);
  if (whole.outcome === 'absent' || isSmall) {
    return whole;
  }
  const body = measureBody(clock, whole.body, (bytes, took) => {
    health.received(bytes, took);
  });
  return { ...whole, body };
}
