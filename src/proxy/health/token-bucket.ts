import type { Clock } from '../../platform/index.ts';

/** Tokens that come with requests, and slowly with time: what bounds extra load. */
export interface TokenBucket {
  /** Each ordinary request earns its share. */
  earn(): void;
  /** False when nothing is left. */
  take(): boolean;
}

export interface TokenBucketSettings {
  /** Tokens for one request. */
  readonly share: number;
  /** What it begins with, and holds at most. */
  readonly reserve: number;
  readonly perSecond: number;
}

export function createTokenBucket(clock: Clock, settings: TokenBucketSettings): TokenBucket {
  let tokens = settings.reserve;
  let counted = clock.monotonicMilliseconds();

  function add(more: number): void {
    tokens = Math.min(settings.reserve, tokens + more);
  }

  return {
    earn() {
      add(settings.share);
    },
    take() {
      const now = clock.monotonicMilliseconds();
      add(((now - counted) / 1000) * settings.perSecond);
      counted = now;
      if (tokens < 1) {
        return false;
      }
      tokens -= 1;
      return true;
    },
  };
}
