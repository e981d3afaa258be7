/** How upstreams are judged, each with its reason. Times are milliseconds. */
export interface HealthSettings {
  /** Long enough for a verdict at a few requests a second, short enough to forget a blip. */
  readonly windowMilliseconds: number;
  /** Half: at 5 % failures four of eight fail once in 3,000 windows, an outage at once. */
  readonly failureRatio: number;
  /** Fewer say nothing; a dead upstream fails eight times within seconds. */
  readonly minimumSamples: number;
  /** A restart takes a second or two; the time doubles with each trial that fails. */
  readonly openMilliseconds: number;
  /** A recovered upstream is noticed within a minute. */
  readonly longestOpenMilliseconds: number;
  /** Two tell more than one, and do not burden an upstream that gets up. */
  readonly simultaneousTrials: number;
  /** One success may be luck. */
  readonly trialsToClose: number;
  /** Retries that a share of requests earns: Google's SRE book names 10 %, Envoy 20 %. */
  readonly retryShare: number;
  /** Retries beyond that share: what one build needs to ride out a restart. */
  readonly retryReserve: number;
  /** So that retries never die out while an upstream is down. */
  readonly retriesPerSecond: number;
  /** Extra load by hedging ("The Tail at Scale": 2 to 5 % are enough). */
  readonly hedgeShare: number;
  /** The first requests of a build may be hedged too. */
  readonly hedgeReserve: number;
  /** Hedges come back after a minute of rest. */
  readonly hedgesPerSecond: number;
  /** Some minutes of a build; older ones fall out. */
  readonly latencySamples: number;
  /** After an outage as long as this, a failure is told at once instead of being ridden out. */
  readonly outageMilliseconds: number;
  /** A probe that takes longer than this proves no health. */
  readonly probeMilliseconds: number;
  /** A week: longer than any maintenance, shorter than what is forgotten. */
  readonly longestOverrideMilliseconds: number;
  /** Lists have at most 32 entries, and each may relay a database or two; metrics must stay bounded. */
  readonly maximumUpstreams: number;
}

export const HEALTH_SETTINGS: HealthSettings = {
  windowMilliseconds: 30_000,
  failureRatio: 0.5,
  minimumSamples: 8,
  openMilliseconds: 2_000,
  longestOpenMilliseconds: 60_000,
  simultaneousTrials: 2,
  trialsToClose: 2,
  retryShare: 0.2,
  retryReserve: 30,
  retriesPerSecond: 2,
  hedgeShare: 0.05,
  hedgeReserve: 3,
  hedgesPerSecond: 0.05,
  latencySamples: 128,
  outageMilliseconds: 30_000,
  probeMilliseconds: 10_000,
  longestOverrideMilliseconds: 7 * 24 * 60 * 60 * 1000,
  maximumUpstreams: 64,
};
