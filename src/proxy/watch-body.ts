import { ProgramError } from '../platform/index.ts';
import type { Clock } from '../platform/index.ts';

export interface WatchSettings {
  /** No byte for this long is a stall; it grows with the pauses that this very body has made. */
  readonly silenceMilliseconds: number;
  readonly longestSilenceMilliseconds: number;
  /** Less than this over a window of waiting is a stall as well. */
  readonly floorBytesPerSecond: number;
  readonly floorWindowMilliseconds: number;
}

export interface WatchedBody {
  /** Who sends it. */
  readonly upstream: string;
  readonly body: AsyncIterable<Buffer>;
  /** Makes a reader that waits for the next piece fail. */
  discard(): void;
}

export type StallReason = 'silence' | 'drip';

/** A pause of a body makes pauses of four times its length ordinary. */
const PAUSE_FACTOR = 4;

/**
 * The pieces of a body, or `body-stalled` when it falls silent or drips: no upstream may hold a build
 * for as long as it likes (reference/builds 4.3, 3). Only the time that we wait for the upstream counts.
 */
export async function* watchBody(
  clock: Clock,
  source: WatchedBody,
  settings: WatchSettings,
): AsyncGenerator<Buffer, void, undefined> {
  const watch = new StallWatch(clock, source, settings);
  const iterator = source.body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await watch.wait(iterator);
      if (next === undefined) {
        return;
      }
      yield next;
    }
  } finally {
    watch.stop();
    await iterator.return?.();
  }
}

/** What a stall was, when the error is one. */
export function stallReason(error: unknown): StallReason | undefined {
  return error instanceof ProgramError && error.code === 'body-stalled'
    ? (error.details['reason'] as StallReason)
    : undefined;
}

/** One timer for the whole body: a body of one piece costs one timer, a long one no more. */
class StallWatch {
  readonly #clock: Clock;
  readonly #source: WatchedBody;
  readonly #settings: WatchSettings;
  #timer: { cancel(): void } | undefined;
  #waitingSince: number | undefined;
  #longestPause = 0;
  #windowWaited = 0;
  #windowBytes = 0;
  #stall: ProgramError | undefined;

  constructor(clock: Clock, source: WatchedBody, settings: WatchSettings) {
    this.#clock = clock;
    this.#source = source;
    this.#settings = settings;
    this.#arm(settings.silenceMilliseconds);
  }

  async wait(iterator: AsyncIterator<Buffer>): Promise<Buffer | undefined> {
    this.#waitingSince = this.#clock.monotonicMilliseconds();
    try {
      const next = await iterator.next();
      if (this.#stall !== undefined) {
        throw this.#stall;
      }
      if (next.done === true) {
        return undefined;
      }
      this.#came(next.value.length);
      return next.value;
    } catch (error) {
      // Our own discard is what made the reader fail.
      throw this.#stall ?? error;
    } finally {
      this.#waitingSince = undefined;
    }
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #came(bytes: number): void {
    const pause = this.#clock.monotonicMilliseconds() - (this.#waitingSince ?? 0);
    this.#longestPause = Math.max(this.#longestPause, pause);
    this.#windowWaited += pause;
    this.#windowBytes += bytes;
    if (this.#windowBytes >= this.#floorBytes()) {
      this.#windowWaited = 0;
      this.#windowBytes = 0;
    }
  }

  #floorBytes(): number {
    const { floorBytesPerSecond, floorWindowMilliseconds } = this.#settings;
    return (floorBytesPerSecond * floorWindowMilliseconds) / 1000;
  }

  #allowedSilence(): number {
    const { silenceMilliseconds, longestSilenceMilliseconds } = this.#settings;
    const usual = Math.max(silenceMilliseconds, this.#longestPause * PAUSE_FACTOR);
    return Math.min(usual, longestSilenceMilliseconds);
  }

  #arm(milliseconds: number): void {
    this.#timer = this.#clock.after(Math.max(1, milliseconds), () => {
      this.#check();
    });
  }

  #check(): void {
    const { floorWindowMilliseconds } = this.#settings;
    const since = this.#waitingSince;
    const silent = since === undefined ? 0 : this.#clock.monotonicMilliseconds() - since;
    const untilSilence = this.#allowedSilence() - silent;
    const untilDrip = floorWindowMilliseconds - this.#windowWaited - silent;
    if (since !== undefined && untilSilence <= 0) {
      this.#break('silence', `nothing came for ${inSeconds(silent)}`);
    } else if (since !== undefined && untilDrip <= 0) {
      const bytes = this.#windowBytes;
      this.#break('drip', `only ${bytes} bytes came in ${inSeconds(floorWindowMilliseconds)}`);
    } else {
      this.#arm(Math.max(Math.min(untilSilence, untilDrip), SHORTEST_CHECK_MILLISECONDS));
    }
  }

  #break(reason: StallReason, problem: string): void {
    this.#stall = new ProgramError({
      code: 'body-stalled',
      kind: 'timeout',
      message: `the body from ${this.#source.upstream} stalled: ${problem}`,
      details: { reason },
    });
    this.#source.discard();
  }
}

function inSeconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 100) / 10} s`;
}

/** Where time is up but nobody waits for the upstream, there is nothing to break. */
const SHORTEST_CHECK_MILLISECONDS = 100;
