import type { Absent, Failed, Found } from './answer.ts';
import type { AskNeeds, Question } from './ask-upstream.ts';
import type { Attempt } from './attempt.ts';
import { retryDelay } from './retry-plan.ts';
import type { FailureSource } from './retry-plan.ts';
import type { Standing } from './standing.ts';
import type { WalkSettings } from './walk-settings.ts';
import type { Accept, WalkAnswer } from './walk-answer.ts';
import { WalkTurns } from './walk-turns.ts';
import type { WalkEvent } from './walk-turns.ts';

/** Files that are small and never change. */
const PROBED = /\/@v\/v[^/]*\.(?:info|mod)$/u;

/**
 * One walk: an event loop over the answers of upstreams and the times at which something is due.
 * It judges answers; who is asked when is up to the turns.
 */
export class WalkRun<Result> {
  readonly #needs: AskNeeds;
  readonly #settings: WalkSettings;
  readonly #standings: readonly Standing[];
  readonly #question: Question;
  readonly #accept: Accept<Result>;
  readonly #turns: WalkTurns;
  readonly #events: WalkEvent[] = [];
  #wake: (() => void) | undefined;

  constructor(
    needs: AskNeeds,
    settings: WalkSettings,
    standings: readonly Standing[],
    question: Question,
    accept: Accept<Result>,
  ) {
    this.#needs = needs;
    this.#settings = settings;
    this.#standings = standings;
    this.#question = question;
    this.#accept = accept;
    const happened = (event: WalkEvent | undefined): void => {
      if (event !== undefined) this.#events.push(event);
      this.#wakeUp();
    };
    this.#turns = new WalkTurns({ ...needs, happened }, settings, standings, question);
  }

  async run(): Promise<WalkAnswer<Result>> {
    const { signal } = this.#question;
    const stop = (): void => this.#wakeUp();
    signal.addEventListener('abort', stop, { once: true });
    try {
      for (;;) {
        this.#turns.startWhatIsDue();
        const event = this.#events.shift();
        if (event !== undefined) {
          const accepted = await this.#take(event);
          if (accepted !== undefined) {
            return { outcome: 'found', result: accepted.result, failures: this.#failures() };
          }
        } else if (this.#turns.isOver()) {
          return this.#conclude();
        } else {
          await this.#somethingNew();
        }
      }
    } finally {
      signal.removeEventListener('abort', stop);
      this.#turns.dropOthers();
      for (const { attempt, answer } of this.#events) {
        attempt.ticket.settle('unknown');
        if (!(answer instanceof Error) && answer.outcome === 'found') answer.discard();
      }
    }
  }

  async #take(event: WalkEvent): Promise<{ readonly result: Result } | undefined> {
    const { standing, attempt, answer } = event;
    if (answer instanceof Error) {
      attempt.ticket.settle('unknown');
      throw answer;
    }
    if (answer.outcome === 'found') {
      return this.#takeFound(standing, attempt, answer);
    }
    if (answer.outcome === 'failed') {
      const isOurs = answer.kind === 'refused' || answer.kind === 'offline' || this.#isAborted();
      attempt.ticket.settle(isOurs ? 'unknown' : 'failure', answer.message);
      this.#fail(standing, answer, 'answer');
      return undefined;
    }
    // Absence is an answer: the upstream is well (but for one that says that it could not ask on).
    attempt.ticket.settle(answer.certain ? 'success' : 'unknown');
    this.#turns.dropHedges(standing, attempt);
    this.#takeAbsence(standing, answer);
    return undefined;
  }

  #takeAbsence(standing: Standing, absent: Absent): void {
    standing.state = 'absent';
    standing.absent = absent;
    standing.besideAt = undefined;
  }

  async #takeFound(
    standing: Standing,
    attempt: Attempt,
    found: Found,
  ): Promise<{ readonly result: Result } | undefined> {
    const { entry, health } = standing;
    this.#turns.dropHedges(standing, attempt);
    this.#turns.dropOthers();
    const result = await this.#accept(found);
    this.#turns.progressed();
    if (!isFailed(result)) {
      attempt.ticket.settle('success');
      if (entry.kind === 'http' && PROBED.test(this.#question.key)) {
        health.remember(this.#question.key);
      }
      return { result };
    }
    // One module that somebody vouches against says nothing about the rest of that upstream.
    const isNoVerdict = this.#isAborted() || result.finding !== undefined;
    attempt.ticket.settle(isNoVerdict ? 'unknown' : 'failure', result.message);
    this.#fail(standing, result, 'content');
    return undefined;
  }

  #fail(standing: Standing, failure: Failed, source: FailureSource): void {
    standing.failure = failure;
    standing.failures += 1;
    if (standing.running.length > 0) {
      // Another request to it is under way, and may do better.
      return;
    }
    standing.state = 'failed';
    standing.besideAt = undefined;
    const fraction = this.#needs.random.fraction();
    const wait = retryDelay(this.#settings, failure, source, standing.failures, fraction);
    const isHopeless = standing.health.isLongOut() || standing.entry.kind === 'file';
    this.#turns.scheduleRetry(standing, isHopeless ? undefined : wait);
    if (standing.retryAt === undefined && failure.brokenAbsence !== undefined) {
      // Half of a text is better than a failure: the status was there.
      this.#takeAbsence(standing, failure.brokenAbsence);
    }
  }

  #conclude(): WalkAnswer<Result> {
    this.#turns.dropOthers();
    const failures = this.#failures();
    const absences = this.#standings.flatMap(({ absent }) => absent ?? []);
    const last: Absent | undefined = absences.at(-1);
    if (failures.length > 0 || last === undefined) {
      return { outcome: 'failed', failures };
    }
    // One upstream that only could not look may have what the others have not.
    const certain = absences.every((absence) => absence.certain);
    return { outcome: 'absent', absent: { ...last, certain }, failures };
  }

  #failures(): readonly Failed[] {
    return this.#standings.flatMap(({ state, failure }) =>
      state !== 'absent' && failure !== undefined ? [failure] : [],
    );
  }

  async #somethingNew(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = this.#needs.clock.after(
      Math.max(0, this.#turns.nextDue() - this.#now()),
      resolve,
    );
    await promise;
    this.#wake = undefined;
    timer.cancel();
  }

  #isAborted(): boolean {
    return this.#question.signal.aborted;
  }

  #now(): number {
    return this.#needs.clock.monotonicMilliseconds();
  }

  #wakeUp(): void {
    this.#wake?.();
  }
}

function isFailed(value: unknown): value is Failed {
  return (
    typeof value === 'object' && value !== null && 'outcome' in value && value.outcome === 'failed'
  );
}
