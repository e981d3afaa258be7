// How upstreams are: breakers, budgets, latencies, overrides, and the level of service that follows.
export { createHealthRegister } from './health-register.ts';
export type { HealthRegister } from './health-register.ts';
export { HEALTH_SETTINGS } from './health-settings.ts';
export type { HealthSettings } from './health-settings.ts';
export type { HealthTicket, UpstreamHealth } from './upstream-health.ts';
export type { Level, OverrideWish, UpstreamsSnapshot } from './snapshot.ts';
