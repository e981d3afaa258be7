import type { Clock, Logger, Meter } from '../../platform/index.ts';
import { createClientView } from './client-view.ts';
import type { ClientView, ExpectedModule, WindowsSettings } from './client-view.ts';
import type { AskedFile, Guess, WindowName } from './guess.ts';
import { createLagWatch } from './lag-watch.ts';
import { createLookAheadCounts } from './look-ahead-counts.ts';
import { readRequirements } from './requirements.ts';

/** What came of fetching a guess. */
export type FetchedAhead =
  /** It was here, or somebody else is fetching it. */
  | { readonly outcome: 'present' }
  | { readonly outcome: 'fetched'; readonly bytes: number; readonly body: Buffer | undefined }
  | { readonly outcome: 'absent' | 'failed' | 'cancelled' };

export interface LookAheadNeeds {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
  /** Whether an upstream may hear of this module before a client asks. */
  readonly isAllowed: (path: string) => boolean;
  /** Whether a fetch may start without keeping one waiting that a client asked for. */
  readonly hasRoom: () => boolean;
  /** Brings it into memory and store; tells `used` when a client first takes it from memory. */
  readonly fetch: (
    guess: Guess,
    used: (client: string | undefined) => void,
  ) => Promise<FetchedAhead>;
  /** Breaks off the fetches that no client has joined. */
  readonly abandon: () => void;
}

export interface LookAheadSettings {
  readonly windows: WindowsSettings;
  /** The same for what a go.sum names, which is mostly right. */
  readonly expectedWindows: WindowsSettings;
  readonly simultaneous: number;
  /** Of all that is fetched and not asked yet. */
  readonly maximumBytes: number;
  /** What was not asked after this time was fetched in vain. */
  readonly patienceMilliseconds: number;
  /** A client that was silent for this long begins something new. */
  readonly silenceMilliseconds: number;
  readonly maximumClients: number;
}

/** Fetches what clients will ask next. Never fails, never throws. */
export interface LookAhead {
  /** A client asks for a file; `missed`: it had to be fetched for it. */
  asked(file: AskedFile, client: string | undefined, missed: boolean): void;
  /** The go.mod that a client asked has come in. */
  arrived(file: AskedFile, bytes: Buffer, client: string | undefined): void;
  /** Names what somebody is about to ask. */
  expect(modules: readonly ExpectedModule[], isAll: boolean): void;
  close(): void;
}

/** For engines that fetch only what is asked. */
export const noLookAhead: LookAhead = {
  asked: () => undefined,
  arrived: () => undefined,
  expect: () => undefined,
  close: () => undefined,
};

interface Pending {
  readonly view: ClientView;
  readonly guess: Guess;
  readonly since: number;
  isFetched: boolean;
  bytes: number;
}

interface Client {
  readonly view: ClientView;
  lastAsked: number;
}

export function createLookAhead(needs: LookAheadNeeds, settings: LookAheadSettings): LookAhead {
  const { clock, logger } = needs;
  const clients = new Map<string, Client>();
  /** Views that may have something to guess. */
  const active = new Set<ClientView>();
  const pending = new Map<string, Pending>();
  const counts = createLookAheadCounts(needs.meter, () => pending.size);
  const lag = createLagWatch(clock, { calmAgain: pump, tooLate: needs.abandon });
  /** Of the one command that an engine is made for: what go.sum names, and what it then asks. */
  let expecting: ClientView | undefined;
  let running = 0;
  let pendingBytes = 0;
  let sweep: { cancel(): void } | undefined;
  let isClosed = false;

  function viewOf(address: string | undefined): ClientView {
    return expecting ?? clientOf(address).view;
  }

  function clientOf(address: string | undefined): Client {
    const name = address ?? '';
    const now = clock.monotonicMilliseconds();
    let client = clients.get(name);
    if (client === undefined) {
      client = { view: createClientView(settings.windows), lastAsked: now };
      clients.set(name, client);
      const [oldest] = clients.keys();
      if (clients.size > settings.maximumClients && oldest !== undefined) {
        active.delete(clients.get(oldest)?.view ?? client.view);
        clients.delete(oldest);
      }
    } else if (now - client.lastAsked > settings.silenceMilliseconds) {
      client.view.forget();
    }
    client.lastAsked = now;
    return client;
  }

  function settle(one: Pending): void {
    pending.delete(one.guess.key);
    pendingBytes -= one.bytes;
  }

  function pump(): void {
    let isIdle = false;
    while (!isIdle && active.size > 0) {
      isIdle = true;
      for (const view of active) {
        if (!hasRoom()) {
          return;
        }
        const guess = view.next();
        if (guess === undefined) {
          active.delete(view);
        } else {
          isIdle = false;
          consider(view, guess);
        }
      }
    }
  }

  function hasRoom(): boolean {
    return (
      !isClosed &&
      running < settings.simultaneous &&
      pendingBytes < settings.maximumBytes &&
      needs.hasRoom() &&
      lag.isCalm()
    );
  }

  function consider(view: ClientView, guess: Guess): void {
    if (pending.has(guess.key) || !needs.isAllowed(guess.path)) {
      return;
    }
    const since = clock.monotonicMilliseconds();
    const one: Pending = { view, guess, since, isFetched: false, bytes: 0 };
    pending.set(guess.key, one);
    view.windows[guess.window].begin();
    running += 1;
    sweep ??= clock.after(settings.patienceMilliseconds, sweepAway);
    work(one).catch((error: unknown) => {
      logger.error('looking ahead failed by our own fault', { error: String(error) });
    });
  }

  async function work(one: Pending): Promise<void> {
    const { guess } = one;
    let fetched: FetchedAhead;
    try {
      fetched = await needs.fetch(guess, (client) => {
        asked(guess, client, false);
      });
    } catch (error) {
      logger.debug('a file could not be fetched ahead', { key: guess.key, error: String(error) });
      fetched = { outcome: 'failed' };
    }
    running -= 1;
    finish(one, fetched);
    pump();
  }

  function finish(one: Pending, fetched: FetchedAhead): void {
    const { view, guess } = one;
    const isUsed = pending.get(guess.key) !== one;
    if (fetched.outcome !== 'fetched') {
      if (!isUsed) {
        settle(one);
        view.windows[guess.window].over();
        active.add(view);
      }
      if (fetched.outcome !== 'present') {
        counts.told(guess.kind, fetched.outcome);
      }
      return;
    }
    if (isUsed) {
      counts.received(fetched.bytes);
    } else {
      one.isFetched = true;
      one.bytes = fetched.bytes;
      pendingBytes += fetched.bytes;
      counts.received(fetched.bytes);
    }
    if (guess.kind === 'mod' && fetched.body !== undefined) {
      view.arrived(guess, readRequirements(fetched.body));
      active.add(view);
    }
  }

  function sweepAway(): void {
    sweep = undefined;
    const before = clock.monotonicMilliseconds() - settings.patienceMilliseconds;
    const wasted = new Map<ClientView, Map<WindowName, number>>();
    for (const one of pending.values()) {
      if (!one.isFetched || one.since > before) {
        continue;
      }
      settle(one);
      const { window } = one.guess;
      const counted = wasted.get(one.view) ?? new Map<WindowName, number>();
      wasted.set(one.view, counted.set(window, (counted.get(window) ?? 0) + 1));
      counts.told(one.guess.kind, 'wasted', one.bytes);
    }
    for (const [view, counted] of wasted) {
      for (const [window, count] of counted) {
        view.windows[window].wasted(count);
      }
    }
    if (pending.size > 0 && !isClosed) {
      sweep = clock.after(settings.patienceMilliseconds, sweepAway);
    }
  }

  function asked(file: AskedFile, address: string | undefined, missed: boolean): void {
    if (isClosed) {
      return;
    }
    const view = viewOf(address);
    const guessed = pending.get(file.key);
    if (guessed !== undefined) {
      settle(guessed);
      guessed.view.windows[guessed.guess.window].useful();
      active.add(guessed.view);
      counts.told(file.kind, 'useful', guessed.bytes);
    } else if (missed) {
      view.windows[file.kind].missed();
    }
    view.asked(file, guessed !== undefined || missed);
    // Where nothing is missing there is nothing to fetch.
    if (guessed !== undefined || missed) {
      active.add(view);
      pump();
    }
  }

  return {
    asked,
    arrived(file, bytes, address) {
      if (!isClosed) {
        const view = viewOf(address);
        view.arrived(file, readRequirements(bytes));
        active.add(view);
        pump();
      }
    },
    expect(modules, isAll) {
      expecting ??= createClientView(settings.expectedWindows);
      expecting.expect(modules, isAll);
      active.add(expecting);
      pump();
    },
    close() {
      isClosed = true;
      sweep?.cancel();
      lag.close();
      for (const { guess, isFetched, bytes } of pending.values()) {
        if (isFetched) {
          counts.told(guess.kind, 'wasted', bytes);
        }
      }
    },
  };
}
