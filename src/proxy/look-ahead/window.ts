/** How much of one kind may be fetched for one client before it asks, learned from what it then asks. */
export interface Window {
  readonly hasRoom: boolean;
  begin(): void;
  /** What was fetched ahead has been asked. */
  useful(): void;
  /** So many were not asked in time. */
  wasted(count: number): void;
  /** It came to nothing: there was no need, or the fetch failed. */
  over(): void;
  /** It is known now that so many are right. */
  widen(size: number): void;
  /** The client asked for something of this kind that had not been fetched ahead. */
  missed(): void;
}

export interface WindowSettings {
  /** Before anything is known about the client. */
  readonly first: number;
  readonly most: number;
  /** What each guess that came true adds. With a share, never more than that share of them is in vain. */
  readonly growth?: number;
}

/** A wrong guess halves; it takes four requests that were not foreseen to dare one more guess. */
const SHARE_AFTER_WASTE = 0.5;
const GROWTH_AFTER_MISS = 0.25;

/**
 * A window like that of TCP: each guess that came true makes room for one more, so that it doubles with
 * each round trip; guesses that did not come true halve it, down to none.
 */
export function createWindow(settings: WindowSettings): Window {
  const { growth = 1 } = settings;
  let size = settings.first;
  let outstanding = 0;
  return {
    get hasRoom() {
      return outstanding + 1 <= size;
    },
    begin() {
      outstanding += 1;
    },
    useful() {
      outstanding -= 1;
      size = Math.min(settings.most, Math.max(size, 1) + growth);
    },
    wasted(count) {
      outstanding -= count;
      size *= SHARE_AFTER_WASTE;
    },
    widen(least) {
      size = Math.min(settings.most, Math.max(size, least));
    },
    over() {
      outstanding -= 1;
    },
    missed() {
      if (size < settings.first) {
        size += GROWTH_AFTER_MISS;
      }
    },
  };
}
