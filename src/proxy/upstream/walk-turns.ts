import { failed } from './answer.ts';
import type { UpstreamAnswer } from './answer.ts';
import type { AskNeeds, Question } from './ask-upstream.ts';
import { startAttempt } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import { createCrossing } from './crossing.ts';
import type { Crossing } from './crossing.ts';
import { isBehind } from './standing.ts';
import type { Standing } from './standing.ts';
import type { WalkSettings } from './walk-settings.ts';

export interface WalkEvent {
  readonly standing: Standing;
  readonly attempt: Attempt;
  readonly answer: UpstreamAnswer | Error;
}

export interface WalkTurnsNeeds extends AskNeeds {
  /** Told of each answer, and when something else may have become due (then without one). */
  readonly happened: (event: WalkEvent | undefined) => void;
}

/** The time limit of the last request strikes first, and says more. */
const END_MARGIN_MILLISECONDS = 1000;

/**
 * Who is asked when in one walk: the turns of the list, tries again, requests beside a silent one.
 * Nothing else starts a request.
 */
export class WalkTurns {
  readonly isSmall: boolean;
  readonly #needs: WalkTurnsNeeds;
  readonly #settings: WalkSettings;
  readonly #standings: readonly Standing[];
  readonly #question: Question;
  readonly #crossing: Crossing;
  /** Monotonic: the start, or the last time that a body came. */
  #began: number;
  /** Monotonic: when the turns were looked through last. */
  #checked = 0;

  constructor(
    needs: WalkTurnsNeeds,
    settings: WalkSettings,
    standings: readonly Standing[],
    question: Question,
  ) {
    this.#needs = needs;
    this.#settings = settings;
    this.#standings = standings;
    this.#question = question;
    this.isSmall = !question.key.endsWith('.zip');
    this.#crossing = createCrossing(needs.clock, question.mayCross, () =>
      needs.happened(undefined),
    );
    this.#began = this.#now();
  }

  startWhatIsDue(): void {
    if (this.#question.signal.aborted) {
      return;
    }
    const now = this.#now();
    this.#checked = now;
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
        this.#retry(standing);
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

  #retry(standing: Standing): void {
    const { health, entry } = standing;
    if (health.mayRetry()) {
      this.#needs.count(entry.name, 'retry');
      this.#needs.health.metrics.retry(entry.name);
      this.#start(standing, false);
    } else {
      // Too many retries already: wait for its next success, or for the next token.
      this.#needs.health.metrics.exhausted(entry.name, 'retry');
      const wait = this.#settings.retryCapMilliseconds * (0.5 + this.#needs.random.fraction());
      this.scheduleRetry(standing, wait);
    }
  }

  /** Not at all when the wait is undefined, or longer than anybody has patience. */
  scheduleRetry(standing: Standing, wait: number | undefined): void {
    const at = this.#now() + (wait ?? Infinity);
    standing.retryAt = at - this.#began <= this.#settings.patienceMilliseconds ? at : undefined;
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
      standing.failure = failed(entry.name, {
        kind: 'unavailable',
        reason: 'held-down',
        message,
      });
      return;
    }
    const settings = { ...this.#settings, headersMilliseconds: this.#silence(standing, now) };
    const facts = { entry, health, ticket, isHedge, isSmall: this.isSmall };
    const attempt = startAttempt(this.#needs, settings, this.#question, facts, (ended, answer) => {
      standing.running.splice(standing.running.indexOf(ended), 1);
      this.#needs.happened({ standing, attempt: ended, answer });
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
    const p95 = health.latency(0.95, this.isSmall) ?? overtakeMilliseconds;
    const least = this.isSmall ? 0 : overtakeMilliseconds;
    return Math.max(p95 + hedgeMarginMilliseconds, least);
  }

  /** A body came: time begins anew. */
  progressed(): void {
    this.#began = this.#now();
  }

  /** Nothing is left to wait for. */
  isOver(): boolean {
    if (this.#question.signal.aborted || this.#now() >= this.#end()) {
      return true;
    }
    return (
      !this.#crossing.isPending() &&
      this.#standings.every(({ running, retryAt }) => running.length === 0 && retryAt === undefined)
    );
  }

  /** Nothing has come for so long that nothing will; an answer in bits and pieces may not last either. */
  #end(): number {
    return this.#began + this.#settings.headersMilliseconds + END_MARGIN_MILLISECONDS;
  }

  /** Monotonic: when there is something to start, or nothing to wait for any more. */
  nextDue(): number {
    let due = this.#end();
    for (const standing of this.#standings) {
      const { retryAt = Infinity, besideAt = Infinity } = standing;
      due = Math.min(due, retryAt, besideAt);
      const overtakeAt = standing.askingSince + this.#settings.overtakeMilliseconds;
      if (standing.state === 'asking' && overtakeAt > this.#checked) {
        due = Math.min(due, overtakeAt);
      }
    }
    return due;
  }

  /** An answer has come: the other requests to the same upstream are no longer needed. */
  dropHedges(standing: Standing, winner: Attempt): void {
    const losers = standing.running.splice(0);
    for (const loser of losers) {
      loser.cancel();
      loser.ticket.settle('unknown');
      // It took at least so long, or the p95 would only know those that were quick.
      standing.health.answeredAfter(this.#now() - loser.startedAt, this.isSmall);
    }
    if (winner.isHedge || losers.length > 0) {
      const result = winner.isHedge ? 'won' : 'lost';
      this.#needs.health.metrics.hedge(standing.entry.name, result);
    }
  }

  /** Gives up all that runs; who is given up has a turn again should the answer be wrong. */
  dropOthers(): void {
    for (const standing of this.#standings) {
      const { running, entry } = standing;
      if (running.length === 0) continue;
      const silent = `${entry.name} was silent for ${Math.round(this.#now() - standing.askingSince)} ms`;
      for (const loser of running.splice(0)) {
        loser.cancel();
        loser.ticket.settle(standing.isOvertaken ? 'failure' : 'unknown', silent);
      }
      standing.failure = failed(entry.name, {
        kind: 'timeout',
        reason: 'silent',
        message: silent,
      });
      standing.state = 'failed';
      standing.retryAt = this.#now();
      standing.besideAt = undefined;
    }
  }

  #now(): number {
    return this.#needs.clock.monotonicMilliseconds();
  }
}
