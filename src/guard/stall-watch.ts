import type { Clock } from '../platform/index.ts';
import type { WaitingRequest } from './engine.ts';

export interface StallWatchNeeds {
  readonly clock: Pick<Clock, 'after'>;
  readonly waiting: () => readonly WaitingRequest[];
  /** An upstream has been silent for long; `others` are silent as long as the limit for telling. */
  readonly tell: (worst: WaitingRequest, others: number) => void;
  /** Nothing has come for as long as was allowed. Called once, and nothing is told after it. */
  readonly giveUp: (worst: WaitingRequest) => void;
}

export interface StallSettings {
  /** From when on a silent upstream is told; told again when its silence has doubled. */
  readonly noticeMilliseconds: number;
  /** Undefined is no limit. */
  readonly limitMilliseconds: number | undefined;
}

/** Often enough that a second more or less is all that a limit is missed by, and no load. */
const LOOK_MILLISECONDS = 1000;

/** Looks at what the command waits for until it is closed; whether the command says anything is no matter. */
export function watchStalls(needs: StallWatchNeeds, settings: StallSettings): { close(): void } {
  const { noticeMilliseconds, limitMilliseconds = Infinity } = settings;
  const told = new Map<string, number>();
  let timer = needs.clock.after(nextLook(0), look);

  function nextLook(silent: number): number {
    const rest = Math.min(noticeMilliseconds, limitMilliseconds) - silent;
    return rest > 0 ? Math.min(LOOK_MILLISECONDS, rest) : LOOK_MILLISECONDS;
  }

  function look(): void {
    const silent = needs.waiting();
    const [worst] = silent;
    if (worst !== undefined && worst.silentMilliseconds >= limitMilliseconds) {
      needs.giveUp(worst);
      return;
    }
    forgetHealed(silent);
    const long = silent.filter((one) => one.silentMilliseconds >= noticeMilliseconds);
    const due = long.find(({ url, silentMilliseconds }) => {
      const before = told.get(url);
      return before === undefined || silentMilliseconds >= 2 * before;
    });
    if (due !== undefined) {
      for (const { url, silentMilliseconds } of long) told.set(url, silentMilliseconds);
      needs.tell(due, long.length - 1);
    }
    timer = needs.clock.after(nextLook(worst?.silentMilliseconds ?? 0), look);
  }

  function forgetHealed(silent: readonly WaitingRequest[]): void {
    const now = new Map(silent.map((one) => [one.url, one.silentMilliseconds]));
    for (const [url, before] of told) {
      if ((now.get(url) ?? 0) < before) told.delete(url);
    }
  }

  return { close: () => timer.cancel() };
}
