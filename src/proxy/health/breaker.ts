import type { Clock, Random } from '../../platform/index.ts';
import type { HealthSettings } from './health-settings.ts';
import { createSampleWindow } from './sample-window.ts';
import type { BreakerState } from './snapshot.ts';

/** `trial`: let through although it may fail, to see whether the upstream is back. */
export type Admission = 'normal' | 'trial' | 'refused';

/**
 * A sampling circuit breaker: opens when too large a share of recent requests failed, tries a few
 * after a time that grows with each trial that fails, and closes when they succeed.
 */
export interface Breaker {
  admit(): Admission;
  /** Told once for each admission that was not refused. */
  settle(admission: Admission, outcome: 'success' | 'failure' | 'unknown'): void;
  /** As it is now; an open one that may be tried is half open. */
  state(): BreakerState;
  /** Monotonic; undefined while closed. */
  nextTrialAt(): number | undefined;
  /** Of the requests in the window. */
  samples(): { readonly count: number; readonly failures: number };
}

type BreakerSettings = Pick<
  HealthSettings,
  | 'windowMilliseconds'
  | 'failureRatio'
  | 'minimumSamples'
  | 'openMilliseconds'
  | 'longestOpenMilliseconds'
  | 'simultaneousTrials'
  | 'trialsToClose'
>;

export function createBreaker(
  needs: { readonly clock: Clock; readonly random: Random },
  settings: BreakerSettings,
): Breaker {
  const { clock, random } = needs;
  const window = createSampleWindow(clock, settings.windowMilliseconds);
  /** Monotonic end of the open time; undefined while closed. */
  let openUntil: number | undefined;
  let openings = 0;
  let trials = 0;
  let goodTrials = 0;

  function open(): void {
    const longest = Math.min(
      settings.longestOpenMilliseconds,
      settings.openMilliseconds * 2 ** openings,
    );
    // Half of it is jitter: many instances must not come back at the same moment.
    openUntil = clock.monotonicMilliseconds() + longest * (0.5 + 0.5 * random.fraction());
    openings += 1;
    goodTrials = 0;
  }

  function close(): void {
    openUntil = undefined;
    openings = 0;
    window.clear();
  }

  function settleTrial(outcome: 'success' | 'failure' | 'unknown'): void {
    if (outcome === 'failure') {
      open();
    } else if (outcome === 'success' && openUntil !== undefined) {
      goodTrials += 1;
      if (goodTrials >= settings.trialsToClose) {
        close();
      }
    }
  }

  return {
    admit() {
      if (openUntil === undefined) {
        return 'normal';
      }
      if (clock.monotonicMilliseconds() < openUntil || trials >= settings.simultaneousTrials) {
        return 'refused';
      }
      trials += 1;
      return 'trial';
    },
    settle(admission, outcome) {
      if (outcome !== 'unknown') {
        window.add(outcome === 'failure');
      }
      if (admission === 'trial') {
        trials -= 1;
        settleTrial(outcome);
        return;
      }
      if (openUntil !== undefined) {
        // Asked although it was open: a success is as good as one of a trial.
        if (outcome === 'success') settleTrial(outcome);
        return;
      }
      const { count, failures } = window.read();
      const isBad = failures >= count * settings.failureRatio;
      if (outcome === 'failure' && count >= settings.minimumSamples && isBad) {
        open();
      }
    },
    state() {
      if (openUntil === undefined) {
        return 'closed';
      }
      return clock.monotonicMilliseconds() < openUntil ? 'open' : 'half-open';
    },
    nextTrialAt: () => openUntil,
    samples: () => window.read(),
  };
}
