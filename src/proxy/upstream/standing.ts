import type { UpstreamHealth } from '../health/index.ts';
import type { Absent, Failed } from './answer.ts';
import type { Attempt } from './attempt.ts';
import type { UpstreamEntry } from './upstream-list.ts';

/** Where one upstream stands in one walk. */
export interface Standing {
  readonly entry: UpstreamEntry;
  readonly health: UpstreamHealth;
  /** `postponed`: known to fail, so that it is asked when all others had their turn. */
  state: 'untried' | 'postponed' | 'asking' | 'absent' | 'failed';
  readonly running: Attempt[];
  /** Monotonic: when the requests that run now began. */
  askingSince: number;
  isOvertaken: boolean;
  failures: number;
  failure: Failed | undefined;
  absent: Absent | undefined;
  /** Monotonic: when a failed one is tried again. */
  retryAt: number | undefined;
  /** Monotonic: when a silent one is asked once more beside the request that runs. */
  besideAt: number | undefined;
  /** Times that it was. */
  besides: number;
}

export function newStanding(entry: UpstreamEntry, health: UpstreamHealth): Standing {
  return {
    entry,
    health,
    state: 'untried',
    running: [],
    askingSince: 0,
    isOvertaken: false,
    failures: 0,
    failure: undefined,
    absent: undefined,
    retryAt: undefined,
    besideAt: undefined,
    besides: 0,
  };
}

/** Whether the walk may look beyond this entry for want of what it has, if the list lets it. */
export function isBehind(standing: Standing, now: number, overtakeMilliseconds: number): boolean {
  switch (standing.state) {
    case 'untried':
      return false;
    case 'asking':
      return standing.isOvertaken || now - standing.askingSince >= overtakeMilliseconds;
    default:
      return true;
  }
}
