import type { Clock } from '../../platform/index.ts';
import type { HttpResponse } from '../../platform/http/index.ts';

/** One URL that an upstream was asked for and has not answered whole. */
export interface OpenRequest {
  /** Without user info and query. */
  readonly url: string;
  /** How long nothing has come from it. */
  readonly silentMilliseconds: number;
}

/** What the engine waits for at this moment. Tries of one URL that follow each other are one wait. */
export interface OpenRequests {
  begin(url: string): OpenHandle;
  list(): readonly OpenRequest[];
}

export interface OpenHandle {
  /** The headers are here: hands on the response, and notes each piece of its body. */
  answered(response: HttpResponse): HttpResponse;
  failed(): void;
}

/** A try that failed is followed by the next within four seconds (WALK_LIMITS). */
const LINGER_MILLISECONDS = 5000;

interface Wait {
  open: number;
  /** Since when nothing has come. */
  since: number;
  endedAt: number;
}

export function createOpenRequests(clock: Pick<Clock, 'monotonicMilliseconds'>): OpenRequests {
  const waits = new Map<string, Wait>();

  /** Whoever waits no longer, and is not tried again. */
  function forgetOld(now: number): void {
    for (const [url, wait] of waits) {
      if (wait.open === 0 && now - wait.endedAt > LINGER_MILLISECONDS) waits.delete(url);
    }
  }

  return {
    begin(asked) {
      const url = nameOf(asked);
      const now = clock.monotonicMilliseconds();
      const known = waits.get(url);
      const isFollowing = known !== undefined && now - known.endedAt <= LINGER_MILLISECONDS;
      const wait =
        known !== undefined && (known.open > 0 || isFollowing)
          ? known
          : { open: 0, since: now, endedAt: now };
      waits.set(url, wait);
      wait.open += 1;
      let isOpen = true;

      function close(): void {
        if (!isOpen) return;
        isOpen = false;
        wait.open -= 1;
        wait.endedAt = clock.monotonicMilliseconds();
      }

      function forget(): void {
        close();
        if (wait.open === 0 && waits.get(url) === wait) waits.delete(url);
      }

      function came(): void {
        wait.since = clock.monotonicMilliseconds();
      }

      return {
        answered(response) {
          came();
          return {
            ...response,
            body: {
              [Symbol.asyncIterator]: () => watched(response.body, { came, forget, close }),
            },
            discard() {
              forget();
              response.discard();
            },
          };
        },
        failed() {
          close();
          // Failures in thousands leave nothing behind.
          if (waits.size > MANY) forgetOld(wait.endedAt);
        },
      };
    },
    list() {
      const now = clock.monotonicMilliseconds();
      forgetOld(now);
      return [...waits].map(([url, { since }]) => ({ url, silentMilliseconds: now - since }));
    },
  };
}

/** As many as may be open at once, and some that failed. */
const MANY = 200;

async function* watched(
  body: AsyncIterable<Buffer>,
  told: { came(): void; forget(): void; close(): void },
): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const piece of body) {
      told.came();
      yield piece;
    }
    told.forget();
  } finally {
    // Broken off: whoever asks for the rest goes on with the same wait.
    told.close();
  }
}

function nameOf(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? 'unknown' : `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}
