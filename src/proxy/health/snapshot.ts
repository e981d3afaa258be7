/** How far the service is degraded; the level that is told is the highest that applies. */
export type Level = 'L0' | 'L1' | 'L2' | 'L3' | 'L4';

export type BreakerState = 'closed' | 'half-open' | 'open';

/** `auto` takes an override back. */
export type OverrideWish = 'up' | 'down' | 'auto';

/** All upstreams as plain data, for people and for the API. */
export interface UpstreamsSnapshot {
  readonly level: Level;
  /** Why it is that level, in one sentence; empty at L0. */
  readonly reason: string;
  readonly upstreams: readonly UpstreamSnapshot[];
}

export interface UpstreamSnapshot {
  /** Without user info. */
  readonly name: string;
  readonly state: 'healthy' | 'trying' | 'unhealthy' | 'held-up' | 'held-down';
  readonly breaker: BreakerState;
  /** From the request to the headers, of small resources, recently; undefined before the first. */
  readonly p50Milliseconds: number | undefined;
  readonly p95Milliseconds: number | undefined;
  /** Of large bodies; undefined before the first. */
  readonly bytesPerSecond: number | undefined;
  /** Share of the samples that failed. */
  readonly errorRatio: number;
  /** Requests that were judged in the last half minute. */
  readonly samples: number;
  /** Since when nothing succeeds; undefined while something does. */
  readonly failingSince: string | undefined;
  readonly lastFailure: string | undefined;
  /** When an unhealthy upstream is tried next (RFC 3339). */
  readonly nextProbe: string | undefined;
  readonly override: Override | undefined;
}

export interface Override {
  readonly state: 'up' | 'down';
  /** When it ends by itself (RFC 3339). */
  readonly until: string;
}
