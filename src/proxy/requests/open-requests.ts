import type { Clock } from '../../platform/index.ts';
import type { HttpResponse } from '../../platform/http/index.ts';

/** One URL that an upstream was asked for and has not answered whole. */
export interface OpenRequest {
  /** Without user info and query. */
  readonly url: string;
  /** How long nothing has come from it, or next to nothing. */
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

/** A body that drips, or breaks off after some bytes in each try, holds its reader up as silence does. */
const WORTH_BYTES = 4096;

interface Wait {
  open: number;
  isAnswered: boolean;
  /** That came, and were not enough to end the silence. */
  drips: number;
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
          : { open: 0, isAnswered: false, drips: 0, since: now, endedAt: now };
      waits.set(url, wait);
      wait.open += 1;
      let isOpen = true;

      function close(): void {
        if (!isOpen) return;
        isOpen = false;
        wait.open -= 1;
        wait.endedAt = clock.monotonicMilliseconds();
        // What broke off in thousands leaves nothing behind.
        if (waits.size > MANY) forgetOld(wait.endedAt);
      }

      function forget(): void {
        close();
        if (wait.open === 0 && waits.get(url) === wait) waits.delete(url);
      }

      function moves(): void {
        wait.since = clock.monotonicMilliseconds();
        wait.drips = 0;
      }

      function came(bytes: number): void {
        wait.drips += bytes;
        if (wait.drips >= WORTH_BYTES) moves();
      }

      return {
        answered(response) {
          if (!wait.isAnswered) moves();
          wait.isAnswered = true;
          let isRead = false;
          return {
            ...response,
            body: {
              [Symbol.asyncIterator]: () => {
                isRead = true;
                return watched(response.body, { came, forget, close });
              },
            },
            discard() {
              // Left in the middle, the rest may be asked for.
              if (isRead) close();
              else forget();
              response.discard();
            },
          };
        },
        failed: close,
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
  told: { came(bytes: number): void; forget(): void; close(): void },
): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const piece of body) {
      told.came(piece.length);
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
