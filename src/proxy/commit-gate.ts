import type { Clock } from '../platform/index.ts';

/** Lets checked artifacts go to the disk when nobody waits for a fetch, or when they have waited long enough. */
export interface CommitGate {
  /** A fetch begins; the returned function says that it is over. */
  busy(): () => void;
  /** Resolves when this many bytes may go to the disk. */
  pass(bytes: number): Promise<void>;
  /** From now on nothing waits. */
  open(): void;
}

export interface CommitGateSettings {
  /** No fetch for this long: a burst is over. */
  readonly quietMilliseconds: number;
  /** Nothing waits longer than this. */
  readonly longestMilliseconds: number;
  /** More than this is not kept in memory for the sake of order. */
  readonly waitingBytes: number;
}

/**
 * Everybody has the bytes before the disk does. Writing in the middle of a burst would take processor
 * time from the very build that waits for the next module, and a crash costs one more fetch at most.
 */
export function createCommitGate(
  { clock }: { readonly clock: Clock },
  settings: CommitGateSettings,
): CommitGate {
  let waiting: (() => void)[] = [];
  let bytes = 0;
  let fetches = 0;
  let isOpen = false;
  let quiet: { cancel(): void } | undefined;
  let longest: { cancel(): void } | undefined;

  function release(): void {
    quiet?.cancel();
    longest?.cancel();
    quiet = undefined;
    longest = undefined;
    bytes = 0;
    const released = waiting;
    waiting = [];
    for (const go of released) go();
  }

  function watchForQuiet(): void {
    quiet?.cancel();
    quiet = undefined;
    if (fetches === 0 && waiting.length > 0) {
      quiet = clock.after(settings.quietMilliseconds, release);
    }
  }

  return {
    busy() {
      fetches += 1;
      quiet?.cancel();
      quiet = undefined;
      return () => {
        fetches -= 1;
        watchForQuiet();
      };
    },
    async pass(size) {
      if (isOpen) return;
      const passed = new Promise<void>((resolve) => waiting.push(resolve));
      bytes += size;
      longest ??= clock.after(settings.longestMilliseconds, release);
      if (bytes > settings.waitingBytes) release();
      else watchForQuiet();
      await passed;
    },
    open() {
      isOpen = true;
      release();
    },
  };
}
