import { matchesPatterns } from '../gomod/path/index.ts';
import type { Logger, Meter } from '../platform/index.ts';
import { fetchAhead } from './fetch-ahead.ts';
import type { FetchAheadNeeds } from './fetch-ahead.ts';
import type { HealthRegister } from './health/index.ts';
import { createLookAhead, noLookAhead } from './look-ahead/index.ts';
import type { LookAhead } from './look-ahead/index.ts';
import type { ProxySettings } from './proxy-settings.ts';
import type { ModuleVerification } from './verification/index.ts';

/** What a module imports from is needed about as often as not: at most half as many in vain as came true. */
const IMPORTED_ZIP = { first: 8, most: 128, growth: 0.5 };

/** How far to look ahead. */
const LOOK_AHEAD_LIMITS = {
  /**
   * A go.mod has some kilobytes and most are asked; an `.info` has a hundred bytes; a zip is what waste
   * would cost, so eight until the client has shown what it does. The largest hold 50 ms of what `go`
   * takes from loopback, a thousand files in a second, twice over.
   */
  windows: {
    mod: { first: 64, most: 1024 },
    /** Below a go.mod that names all it needs, `go` reads the next ones only while it tidies or upgrades. */
    prunedMod: { first: 4, most: 256 },
    info: { first: 16, most: 128 },
    zip: { first: 8, most: 128 },
    importedZip: IMPORTED_ZIP,
    known: { mod: 64, info: 16, zip: 8 },
  },
  /**
   * A go.sum names what this very command may ask: all of it when it is `go mod download`, a part when it
   * builds. What it asks first tells; until then as much as a fetch or two bring on.
   */
  expectedWindows: {
    mod: { first: 32, most: 1024 },
    prunedMod: { first: 4, most: 256 },
    info: { first: 8, most: 256 },
    zip: { first: 8, most: 256 },
    importedZip: IMPORTED_ZIP,
    known: { mod: 256, info: 64, zip: 64 },
  },
  /** At 50 ms this gives 600 files a second, more than `go` takes. */
  simultaneous: 32,
  /** A quarter of the largest default memory tier would push out what others use; this is a sixteenth. */
  maximumBytes: 67_108_864,
  /** `go` asks zips while it loads packages, within seconds of the graph. */
  patienceMilliseconds: 30_000,
  silenceMilliseconds: 30_000,
  /** Each may hold some megabytes of names. */
  maximumClients: 64,
} as const;

export interface AheadNeeds extends FetchAheadNeeds {
  readonly logger: Logger;
  readonly meter: Meter;
  readonly isServed: (path: string) => boolean;
  readonly health: Pick<HealthRegister, 'level'>;
  readonly verification: Pick<ModuleVerification, 'isAnswering'>;
}

/** Looking ahead with the engine's own fetches; none at all where nobody may be asked. */
export function createAhead(
  needs: AheadNeeds,
  settings: Pick<ProxySettings, 'lookAhead' | 'noLookAheadPatterns' | 'offline'>,
): LookAhead {
  if (!settings.lookAhead || settings.offline) {
    return noLookAhead;
  }
  const { noLookAheadPatterns } = settings;
  return createLookAhead(
    {
      ...needs,
      isAllowed: (path) => needs.isServed(path) && !matchesPatterns(noLookAheadPatterns, path),
      // Extra requests are the first thing to be left out when upstreams are in trouble (level L1), and what
      // nobody can verify would only lie there as pending.
      hasRoom: () =>
        needs.health.level() === 'L0' &&
        needs.verification.isAnswering() &&
        needs.fetchOnce.hasRoom(),
      fetch: async (guess, used) => fetchAhead(needs, guess, used),
      abandon: () => needs.fetchOnce.abandonGuesses(),
    },
    LOOK_AHEAD_LIMITS,
  );
}
