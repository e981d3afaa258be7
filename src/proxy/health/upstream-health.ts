import type { Clock, Random } from '../../platform/index.ts';
import { createBreaker } from './breaker.ts';
import type { Admission } from './breaker.ts';
import type { HealthSettings } from './health-settings.ts';
import { createLatencySamples } from './latency-samples.ts';
import type { Override, UpstreamSnapshot } from './snapshot.ts';
import { createTokenBucket } from './token-bucket.ts';

/** `unknown`: nothing was learned about the upstream (given up by us, refused for want of rights). */
export type Verdict = 'success' | 'failure' | 'unknown';

/** A request to an upstream that is under way. */
export interface HealthTicket {
  /** Once; later calls do nothing. Says why when it failed. */
  settle(verdict: Verdict, problem?: string): void;
}

/** What is known about one upstream, from what it does for ordinary requests. */
export interface UpstreamHealth {
  readonly name: string;
  /** Undefined when it should be left alone for now. `anyway` asks it all the same. */
  begin(anyway: boolean): HealthTicket | undefined;
  /** Whether `begin` would refuse; promises nothing. */
  isUnwelcome(): boolean;
  /** The end of an override (RFC 3339) that says nobody may ask it; undefined without one. */
  heldDownUntil(): string | undefined;
  /** The last verdict was a failure. */
  isFailing(): boolean;
  /** Nothing has succeeded for so long that waiting for it is no service. */
  isLongOut(): boolean;
  /** Each request earns a share of a retry and of a hedge. */
  earn(): void;
  mayRetry(): boolean;
  mayHedge(): boolean;
  /** From the request to the headers; for small resources to the end of the body. */
  answeredAfter(milliseconds: number, isSmall: boolean): void;
  received(bytes: number, milliseconds: number): void;
  /** That share of recent answers took less; undefined before it is known. */
  latency(share: number, isSmall: boolean): number | undefined;
  /** A small resource that it just had: what a probe may ask. */
  remember(key: string): void;
  probeKey(): string | undefined;
  /** Milliseconds until it may be tried; undefined while nothing is wrong with it. */
  nextTrialIn(): number | undefined;
  override(state: 'up' | 'down' | undefined, untilMilliseconds: number): void;
  snapshot(): UpstreamSnapshot;
}

export interface UpstreamHealthNeeds {
  readonly clock: Clock;
  readonly random: Random;
  /** Told after each verdict that may have changed what others see. */
  readonly changed: () => void;
}

/** Recent transfers weigh more: after five of them the older ones count for a third. */
const THROUGHPUT_WEIGHT = 0.2;

export function createUpstreamHealth(
  needs: UpstreamHealthNeeds,
  settings: HealthSettings,
  name: string,
): UpstreamHealth {
  return new MeasuredHealth(needs, settings, name);
}

class MeasuredHealth implements UpstreamHealth {
  readonly name: string;
  readonly #needs: UpstreamHealthNeeds;
  readonly #settings: HealthSettings;
  readonly #breaker;
  readonly #retries;
  readonly #hedges;
  readonly #small;
  readonly #large;
  #bytesPerSecond: number | undefined;
  /** Monotonic: the first failure since the last success. */
  #failingSince: number | undefined;
  #lastFailure: string | undefined;
  #probeKey: string | undefined;
  #override: { readonly state: 'up' | 'down'; readonly until: number } | undefined;

  constructor(needs: UpstreamHealthNeeds, settings: HealthSettings, name: string) {
    this.name = name;
    this.#needs = needs;
    this.#settings = settings;
    this.#breaker = createBreaker(needs, settings);
    this.#retries = createTokenBucket(needs.clock, {
      share: settings.retryShare,
      reserve: settings.retryReserve,
      perSecond: settings.retriesPerSecond,
    });
    this.#hedges = createTokenBucket(needs.clock, {
      share: settings.hedgeShare,
      reserve: settings.hedgeReserve,
      perSecond: settings.hedgesPerSecond,
    });
    this.#small = createLatencySamples(settings.latencySamples);
    this.#large = createLatencySamples(settings.latencySamples);
  }

  begin(anyway: boolean): HealthTicket | undefined {
    const override = this.#currentOverride();
    if (override?.state === 'down') {
      return undefined;
    }
    const asked = this.#breaker.admit();
    const admission = asked === 'refused' && (anyway || override !== undefined) ? 'normal' : asked;
    return admission === 'refused' ? undefined : this.#ticket(admission);
  }

  isUnwelcome(): boolean {
    const override = this.#currentOverride();
    return override === undefined ? this.#breaker.state() === 'open' : override.state === 'down';
  }

  heldDownUntil(): string | undefined {
    const override = this.#currentOverride();
    return override?.state === 'down' ? instant(override.until) : undefined;
  }

  isFailing(): boolean {
    return this.#failingSince !== undefined;
  }

  isLongOut(): boolean {
    return (
      this.#failingSince !== undefined &&
      this.#breaker.state() !== 'closed' &&
      this.#needs.clock.monotonicMilliseconds() - this.#failingSince >=
        this.#settings.outageMilliseconds
    );
  }

  earn(): void {
    this.#retries.earn();
    this.#hedges.earn();
  }

  /** After a success retries are free: while most requests succeed they cannot pile up. */
  mayRetry(): boolean {
    return this.#failingSince === undefined || this.#retries.take();
  }

  mayHedge(): boolean {
    return this.#breaker.state() === 'closed' && this.#hedges.take();
  }

  answeredAfter(milliseconds: number, isSmall: boolean): void {
    (isSmall ? this.#small : this.#large).add(milliseconds);
  }

  received(bytes: number, milliseconds: number): void {
    const now = (bytes * 1000) / Math.max(milliseconds, 1);
    const before = this.#bytesPerSecond ?? now;
    this.#bytesPerSecond = before + THROUGHPUT_WEIGHT * (now - before);
  }

  latency(share: number, isSmall: boolean): number | undefined {
    return (isSmall ? this.#small : this.#large).quantile(share);
  }

  remember(key: string): void {
    this.#probeKey = key;
  }

  probeKey(): string | undefined {
    return this.#probeKey;
  }

  nextTrialIn(): number | undefined {
    const at = this.#breaker.nextTrialAt();
    return at === undefined
      ? undefined
      : Math.max(0, at - this.#needs.clock.monotonicMilliseconds());
  }

  override(state: 'up' | 'down' | undefined, untilMilliseconds: number): void {
    this.#override = state === undefined ? undefined : { state, until: untilMilliseconds };
  }

  snapshot(): UpstreamSnapshot {
    const override = this.#currentOverride();
    const { count, failures } = this.#breaker.samples();
    return {
      name: this.name,
      state: this.#state(override?.state),
      breaker: this.#breaker.state(),
      p50Milliseconds: this.#small.quantile(0.5),
      p95Milliseconds: this.#small.quantile(0.95),
      bytesPerSecond: this.#bytesPerSecond,
      errorRatio: count === 0 ? 0 : failures / count,
      samples: count,
      failingSince: this.#wallTime(this.#failingSince),
      lastFailure: this.#lastFailure,
      nextProbe: this.#wallTime(this.#breaker.nextTrialAt()),
      override: override && { state: override.state, until: instant(override.until) },
    };
  }

  #state(override: Override['state'] | undefined): UpstreamSnapshot['state'] {
    if (override !== undefined) {
      return override === 'up' ? 'held-up' : 'held-down';
    }
    const states = { closed: 'healthy', 'half-open': 'trying', open: 'unhealthy' } as const;
    return states[this.#breaker.state()];
  }

  #ticket(admission: Admission): HealthTicket {
    let isSettled = false;
    return {
      settle: (verdict, problem) => {
        if (isSettled) {
          return;
        }
        isSettled = true;
        this.#judge(admission, verdict, problem);
      },
    };
  }

  #judge(admission: Admission, verdict: Verdict, problem: string | undefined): void {
    const before = this.#breaker.state();
    this.#breaker.settle(admission, verdict);
    if (verdict === 'failure') {
      this.#failingSince ??= this.#needs.clock.monotonicMilliseconds();
      this.#lastFailure = problem;
    } else if (verdict === 'success') {
      this.#failingSince = undefined;
    }
    if (before !== 'closed' || this.#breaker.state() !== 'closed') {
      this.#needs.changed();
    }
  }

  #currentOverride(): { readonly state: 'up' | 'down'; readonly until: number } | undefined {
    const override = this.#override;
    if (override !== undefined && this.#needs.clock.epochMilliseconds() >= override.until) {
      this.#override = undefined;
    }
    return this.#override;
  }

  #wallTime(monotonic: number | undefined): string | undefined {
    const { clock } = this.#needs;
    return monotonic === undefined
      ? undefined
      : instant(clock.epochMilliseconds() + monotonic - clock.monotonicMilliseconds());
  }
}

function instant(epochMilliseconds: number): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.round(epochMilliseconds)).toString();
}
