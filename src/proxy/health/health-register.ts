import type { Clock, Logger, Meter, Random } from '../../platform/index.ts';
import { levelOf } from './degradation.ts';
import { createHealthMetrics } from './health-metrics.ts';
import type { HealthMetrics } from './health-metrics.ts';
import type { HealthSettings } from './health-settings.ts';
import type { Level, OverrideWish, UpstreamsSnapshot } from './snapshot.ts';
import { createUpstreamHealth } from './upstream-health.ts';
import type { UpstreamHealth } from './upstream-health.ts';

/** The health of all upstreams of one engine. */
export interface HealthRegister {
  readonly metrics: HealthMetrics;
  /** By name without user info; made at the first call. */
  of(name: string): UpstreamHealth;
  /** Those that count for the level and are shown; others (databases) are judged just the same. */
  configure(names: readonly string[]): void;
  /** Kept up to date by events, so that reading it costs nothing. */
  level(): Level;
  /** Told by the store; it can be written until somebody says otherwise. */
  setStoreWritable(isWritable: boolean): void;
  snapshot(): UpstreamsSnapshot;
  /** False when no configured upstream has this name. The override ends by itself. */
  override(name: string, wish: OverrideWish, forMilliseconds: number): boolean;
  /** Called when an upstream's breaker is open, again and again while it stays so. */
  onUnhealthy(listener: (health: UpstreamHealth) => void): void;
}

export interface HealthRegisterNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly meter: Meter;
  readonly logger: Logger;
}

export function createHealthRegister(
  needs: HealthRegisterNeeds,
  settings: HealthSettings,
): HealthRegister {
  const { clock, logger } = needs;
  const metrics = createHealthMetrics(needs.meter);
  const all = new Map<string, UpstreamHealth>();
  const configured = new Set<string>();
  const listeners: ((health: UpstreamHealth) => void)[] = [];
  let isStoreWritable = true;
  let current: { readonly level: Level; readonly reason: string } = { level: 'L0', reason: '' };
  metrics.level(current.level);

  function of(name: string): UpstreamHealth {
    const known = all.get(name);
    if (known !== undefined) {
      return known;
    }
    if (all.size >= settings.maximumUpstreams) {
      // Whatever comes beyond the bound shares one record, so that memory and metrics stay bounded.
      return all.get(OTHERS) ?? add(OTHERS);
    }
    return add(name);
  }

  function add(name: string): UpstreamHealth {
    const health: UpstreamHealth = createUpstreamHealth(
      { ...needs, changed: () => changed(health) },
      settings,
      name,
    );
    all.set(name, health);
    metrics.breaker(name, 'closed');
    return health;
  }

  function changed(health: UpstreamHealth): void {
    const { breaker } = health.snapshot();
    metrics.breaker(health.name, breaker);
    reckon();
    if (breaker === 'open') {
      for (const listener of listeners) listener(health);
    }
  }

  function reckon(): void {
    const upstreams = [...configured].map((name) => {
      const health = of(name);
      return { ...health.snapshot(), isLongOut: health.isLongOut() };
    });
    const next = levelOf({ upstreams, isStoreWritable });
    if (next.level !== current.level) {
      metrics.level(next.level);
      const { level: now, reason } = next;
      logger.warn('the level of service has changed', { before: current.level, now, reason });
    }
    current = next;
  }

  return {
    metrics,
    of,
    configure(names) {
      for (const name of names) {
        configured.add(name);
        of(name);
      }
    },
    level: () => current.level,
    setStoreWritable(isWritable) {
      if (isWritable !== isStoreWritable) {
        isStoreWritable = isWritable;
        reckon();
      }
    },
    snapshot() {
      reckon();
      const upstreams = [...configured].map((name) => of(name).snapshot());
      return { ...current, upstreams };
    },
    override(name, wish, forMilliseconds) {
      if (!configured.has(name)) {
        return false;
      }
      const health = of(name);
      const time = Math.min(Math.max(forMilliseconds, 0), settings.longestOverrideMilliseconds);
      health.override(wish === 'auto' ? undefined : wish, clock.epochMilliseconds() + time);
      logger.warn('an upstream was held by hand', { upstream: name, wish, milliseconds: time });
      reckon();
      if (wish !== 'auto') {
        clock.after(time, reckon);
      }
      return true;
    },
    onUnhealthy(listener) {
      listeners.push(listener);
    },
  };
}

const OTHERS = 'others';
