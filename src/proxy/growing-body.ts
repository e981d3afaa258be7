import type { Draft } from './storage/index.ts';
import type { Failed } from './upstream/index.ts';

/**
 * A large artifact while it arrives: written to a scratch file by one fill, read by position by any
 * number of followers. The end of it is held back until the whole has been checked, so that a wrong
 * body never reaches a client complete (issue: "no client gets a complete body").
 */
export interface GrowingBody {
  /** Undefined when the upstream did not say. */
  readonly length: number | undefined;
  readonly lastModified: string | undefined;
  /** Bytes that may be sent now. */
  readonly released: number;
  readonly state: 'running' | 'good' | 'bad';
  /** Why it is bad. */
  readonly failures: readonly Failed[];
  /** The size once the state is good. */
  readonly size: number;
  /** Resolves when there is more than `position` to send, or the state has changed. */
  more(position: number): Promise<void>;
  read(buffer: Uint8Array, position: number): Promise<number>;
  /** Each follower holds the file open until it says release. False when it is closed already. */
  hold(): boolean;
  release(): Promise<void>;
}

export interface GrowingBodyWriter {
  readonly body: GrowingBody;
  write(bytes: Buffer): Promise<void>;
  readonly written: number;
  finish(): void;
  fail(failure: Failed): void;
}

/** Held back until the check is done. Any number above zero is safe; one piece of the network is simple. */
const HELD_BACK_BYTES = 64 * 1024;

export function createGrowingBody(
  draft: Draft,
  facts: { readonly length: number | undefined; readonly lastModified: string | undefined },
): GrowingBodyWriter {
  let written = 0;
  let state: GrowingBody['state'] = 'running';
  let failures: readonly Failed[] = [];
  let holders = 1;
  let wake = Promise.withResolvers<void>();

  function notify(): void {
    const previous = wake;
    wake = Promise.withResolvers<void>();
    previous.resolve();
  }

  const body: GrowingBody = {
    length: facts.length,
    lastModified: facts.lastModified,
    get released() {
      if (state === 'good') {
        return written;
      }
      return state === 'bad' ? 0 : Math.max(0, written - HELD_BACK_BYTES);
    },
    get state() {
      return state;
    },
    get failures() {
      return failures;
    },
    get size() {
      return written;
    },
    async more(position) {
      while (state === 'running' && written - HELD_BACK_BYTES <= position) {
        await wake.promise;
      }
    },
    read: async (buffer, position) => draft.file.read(buffer, position),
    hold() {
      if (holders === 0) {
        return false;
      }
      holders += 1;
      return true;
    },
    async release() {
      holders -= 1;
      if (holders === 0) {
        await draft.release();
      }
    },
  };

  return {
    body,
    get written() {
      return written;
    },
    async write(bytes) {
      await draft.file.write(bytes);
      written += bytes.length;
      notify();
    },
    finish() {
      state = 'good';
      notify();
    },
    fail(failure) {
      state = 'bad';
      failures = [failure];
      notify();
    },
  };
}
