import { failed } from './answer.ts';
import type { Absent, Failed, Found, UpstreamAnswer } from './answer.ts';
import type { AskNeeds, Question } from './ask-upstream.ts';
import { startAttempt } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import { createCrossing } from './crossing.ts';
import type { Crossing } from './crossing.ts';
import { retryDelay } from './retry-plan.ts';
import type { FailureSource } from './retry-plan.ts';
import { isBehind } from './standing.ts';
import type { Standing } from './standing.ts';
import type { WalkSettings } from './walk-settings.ts';
import type { Accept, WalkAnswer } from './walk-answer.ts';

interface Event {
  readonly standing: Standing;
  readonly attempt: Attempt;
  readonly answer: UpstreamAnswer | Error;
}

/** The time limit of the last request strikes first, and says more. */
const END_MARGIN_MILLISECONDS = 1000;

/**
 * One walk: an event loop over the answers of upstreams and the times at which something is due.
 * Every rule of who may be asked when is in `#startWhatIsDue`; nothing else starts a request.
 */
export class WalkRun<Result> {
  readonly #needs: AskNeeds;
  readonly #settings: WalkSettings;
  readonly #standings: readonly Standing[];
  readonly #question: Question;
  readonly #accept: Accept<Result>;
  readonly #crossing: Crossing;
  readonly #events: Event[] = [];
  readonly #isSmall: boolean;
  #wake: (() => void) | undefined;
  /** Monotonic: the start, or the last time that a body came. */
  #began: number;

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
    this.#isSmall = !question.key.endsWith('.zip');
    this.#crossing = createCrossing(question.mayCross, () => this.#wakeUp());
    this.#began = needs.clock.monotonicMilliseconds();
  }

  async run(): Promise<WalkAnswer<Result>> {
    const { signal } = this.#question;
    const stop = (): void => this.#wakeUp();
    signal.addEventListener('abort', stop, { once: true });
    try {
      for (;;) {
        this.#startWhatIsDue();
        const event = this.#events.shift();
        if (event !== undefined) {
          const accepted = await this.#take(event);
          if (accepted !== undefined) {
            return { outcome: 'found', result: accepted.result, failures: this.#failures() };
          }
        } else if (this.#isOver() || this.#now() >= this.#end()) {
          return this.#conclude();
        } else {
          await this.#somethingNew();
        }
      }
    } finally {
      signal.removeEventListener('abort', stop);
      this.#dropOthers();
    }
  }

  #startWhatIsDue(): void {
    if (this.#question.signal.aborted) {
      return;
    }
    const now = this.#now();
    for (const [position, standing] of this.#standings.entries()) {
      if (standing.state === 'untried') {
        this.#firstTurn(standing, this.#standings.slice(position + 1));
      }
      if (!this.#mayPass(standing, now)) {
        break;
      }
    }
    for (const standing of this.#standings) {
      if (standing.retryAt !== undefined && standing.retryAt <= now) {
        this.#retry(standing, now);
      }
      if (standing.besideAt !== undefined && standing.besideAt <= now) {
        this.#askBeside(standing, now);
      }
    }
    if (this.#standings.every(({ state }) => state !== 'asking' && state !== 'untried')) {
      const postponed = this.#standings.find(({ state }) => state === 'postponed');
      if (postponed !== undefined) this.#start(postponed, false);
    }
  }

  /** An upstream that is known to fail waits until the others were asked, where the list allows it. */
  #firstTurn(standing: Standing, later: readonly Standing[]): void {
    const isBetterLater = later.some(
      ({ state, health }) => state === 'untried' && !health.isUnwelcome(),
    );
    if (standing.health.isUnwelcome() && isBetterLater && this.#mayCross(standing) !== false) {
      if (this.#mayCross(standing) === true) standing.state = 'postponed';
      return;
    }
    standing.health.earn();
    this.#start(standing, false);
  }

  /** Whether the entries behind this one may be asked now. */
  #mayPass(standing: Standing, now: number): boolean {
    if (standing.state === 'absent') {
      return true;
    }
    if (!isBehind(standing, now, this.#settings.overtakeMilliseconds)) {
      return false;
    }
    const mayCross = this.#mayCross(standing) === true;
    if (mayCross && standing.state === 'asking' && !standing.isOvertaken) {
      standing.isOvertaken = true;
      if (this.#standings.at(-1) !== standing) {
        this.#needs.health.metrics.overtaken(standing.entry.name);
      }
    }
    return mayCross;
  }

  /** Undefined while that is being found out. */
  #mayCross(standing: Standing): boolean | undefined {
    if (standing.entry.fallBackOnError) {
      return true;
    }
    return this.#standings.at(-1) === standing ? false : this.#crossing.isAllowed();
  }

  #retry(standing: Standing, now: number): void {
    const { health, entry } = standing;
    if (now - this.#began > this.#patience()) {
      standing.retryAt = undefined;
    } else if (health.mayRetry()) {
      this.#needs.count(entry.name, 'retry');
      this.#needs.health.metrics.retry(entry.name);
      this.#start(standing, false);
    } else {
      // Too many retries already: wait for its next success, or for the next token.
      this.#needs.health.metrics.exhausted(entry.name, 'retry');
      const wait = this.#settings.retryCapMilliseconds * (0.5 + this.#needs.random.fraction());
      standing.retryAt = now + wait;
    }
  }

  /** A second request to an upstream that is silent: at first as a hedge, later as a rescue. */
  #askBeside(standing: Standing, now: number): void {
    const { health, entry } = standing;
    const isHedge = standing.besides === 0;
    const { rescueMilliseconds } = this.#settings;
    const rescueAt = standing.askingSince + rescueMilliseconds * 2 ** standing.besides;
    standing.besideAt = rescueAt > now ? rescueAt : now + rescueMilliseconds;
    standing.besides += 1;
    if (standing.running.length >= this.#settings.simultaneousAttempts) {
      standing.besideAt = undefined;
    } else if (isHedge ? this.#mayHedge(standing) : health.mayRetry()) {
      this.#start(standing, true);
    } else {
      this.#needs.health.metrics.exhausted(entry.name, isHedge ? 'hedge' : 'retry');
    }
  }

  /** Extra load only while all is well: hedging is the first thing to be left out (level L1). */
  #mayHedge({ health }: Standing): boolean {
    return this.#needs.health.level() === 'L0' && health.mayHedge();
  }

  #start(standing: Standing, isHedge: boolean): void {
    const { entry, health } = standing;
    const now = this.#now();
    const ticket = health.begin(true);
    if (ticket === undefined) {
      const until = health.heldDownUntil() ?? 'some time';
      standing.state = 'failed';
      standing.retryAt = undefined;
      const message = `${entry.name} is held down by hand until ${until}`;
      standing.failure = failed(entry.name, 'unavailable', message);
      return;
    }
    const settings = { ...this.#settings, headersMilliseconds: this.#silence(standing, now) };
    const facts = { entry, health, ticket, isHedge, isSmall: this.#isSmall };
    const attempt = startAttempt(this.#needs, settings, this.#question, facts, (ended, answer) => {
      standing.running.splice(standing.running.indexOf(ended), 1);
      this.#events.push({ standing, attempt: ended, answer });
      this.#wakeUp();
    });
    standing.running.push(attempt);
    if (!isHedge) {
      standing.state = 'asking';
      standing.askingSince = now;
      standing.retryAt = undefined;
      standing.besides = 0;
      standing.besideAt = entry.kind === 'http' ? now + this.#hedgeDelay(standing) : undefined;
    }
  }

  /** How long it may stay silent: until the end of the walk, but not when it is known to fail. */
  #silence(standing: Standing, now: number): number {
    const { headersMilliseconds, unhealthySilenceMilliseconds } = this.#settings;
    const left = Math.max(1, this.#began + headersMilliseconds - now);
    return standing.health.isUnwelcome() ? Math.min(left, unhealthySilenceMilliseconds) : left;
  }

  #hedgeDelay({ health }: Standing): number {
    const { hedgeMarginMilliseconds, overtakeMilliseconds } = this.#settings;
    const p95 = health.latency(0.95, this.#isSmall) ?? overtakeMilliseconds;
    const least = this.#isSmall ? 0 : overtakeMilliseconds;
    return Math.max(p95 + hedgeMarginMilliseconds, least);
  }

  async #take(event: Event): Promise<{ readonly result: Result } | undefined> {
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
    this.#dropHedges(standing, attempt);
    standing.state = 'absent';
    standing.absent = answer;
    standing.besideAt = undefined;
    return undefined;
  }

  async #takeFound(
    standing: Standing,
    attempt: Attempt,
    found: Found,
  ): Promise<{ readonly result: Result } | undefined> {
    const { entry, health } = standing;
    this.#dropHedges(standing, attempt);
    this.#dropOthers();
    const result = await this.#accept(found);
    this.#began = this.#now();
    if (!isFailed(result)) {
      attempt.ticket.settle('success');
      if (this.#isSmall && entry.kind === 'http') health.remember(this.#question.key);
      return { result };
    }
    attempt.ticket.settle(this.#isAborted() ? 'unknown' : 'failure', result.message);
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
    standing.retryAt = wait === undefined || isHopeless ? undefined : this.#now() + wait;
  }

  /** An answer has come: the other requests to the same upstream are no longer needed. */
  #dropHedges(standing: Standing, winner: Attempt): void {
    const losers = standing.running.splice(0);
    for (const loser of losers) {
      loser.cancel();
      loser.ticket.settle('unknown');
      // It took at least so long, or the p95 would only know those that were quick.
      standing.health.answeredAfter(this.#now() - loser.startedAt, this.#isSmall);
    }
    if (winner.isHedge || losers.length > 0) {
      const result = winner.isHedge ? 'won' : 'lost';
      this.#needs.health.metrics.hedge(standing.entry.name, result);
    }
  }

  /** Gives up all that runs; who is given up has a turn again should the answer be wrong. */
  #dropOthers(): void {
    for (const standing of this.#standings) {
      const { running, entry } = standing;
      if (running.length === 0) continue;
      const silent = `${entry.name} was silent for ${Math.round(this.#now() - standing.askingSince)} ms`;
      for (const loser of running.splice(0)) {
        loser.cancel();
        loser.ticket.settle(standing.isOvertaken ? 'failure' : 'unknown', silent);
      }
      standing.failure = failed(entry.name, 'timeout', silent);
      standing.state = 'failed';
      standing.retryAt = this.#now();
      standing.besideAt = undefined;
    }
  }

  #isOver(): boolean {
    if (this.#isAborted()) {
      return true;
    }
    return (
      !this.#crossing.isPending() &&
      this.#standings.every(({ running, retryAt }) => running.length === 0 && retryAt === undefined)
    );
  }

  #conclude(): WalkAnswer<Result> {
    this.#dropOthers();
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
    const timer = this.#needs.clock.after(Math.max(0, this.#nextDue() - this.#now()), resolve);
    await promise;
    this.#wake = undefined;
    timer.cancel();
  }

  /** Nothing has come for so long that nothing will; an answer in bits and pieces may not last either. */
  #end(): number {
    return this.#began + this.#settings.headersMilliseconds + END_MARGIN_MILLISECONDS;
  }

  #nextDue(): number {
    let due = this.#end();
    for (const standing of this.#standings) {
      const { retryAt = Infinity, besideAt = Infinity } = standing;
      due = Math.min(due, retryAt, besideAt);
      if (standing.state === 'asking' && !standing.isOvertaken) {
        due = Math.min(due, standing.askingSince + this.#settings.overtakeMilliseconds);
      }
    }
    return due;
  }

  #patience(): number {
    return this.#question.patienceMilliseconds ?? this.#settings.patienceMilliseconds;
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
