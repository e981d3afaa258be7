import { join } from 'node:path';
import type { Configuration } from '../config.ts';
import { healing } from '../proxy/index.ts';
import type { ChecksumDatabase, ProxySettings } from '../proxy/index.ts';
import type { WorkerOrder } from './worker-messages.ts';

export interface EngineSettings {
  readonly version: string;
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly certificate: Buffer; readonly key: Buffer } | undefined;
  readonly store: string;
  readonly databaseFile: string;
  readonly upstream: string;
  readonly privateUpstream: string | undefined;
  readonly privatePatterns: string;
  readonly noLookupPatterns: string;
  readonly databases: readonly ChecksumDatabase[];
  readonly requireVerification: boolean;
  /** Set for `run`, where the command has a go.sum. */
  readonly expectedHashes?: ProxySettings['expectedHashes'];
  readonly offline: boolean;
  readonly lookAhead: boolean;
  readonly noLookAheadPatterns: string;
  readonly memoryBytes: number;
  /** Set for `serve`, which looks after the store. */
  readonly budget?: ProxySettings['budget'];
  /** Set for more than one: the processes that answer clients, of which this is none. */
  readonly workers?: { readonly count: number; readonly log: WorkerOrder['log'] } | undefined;
  readonly verifyFirstBytes: number;
  /** Waits and bounds towards upstreams that differ from the engine's own. */
  readonly healing?: ProxySettings['healing'];
  /** True for `serve`: the one server of this store. Any number of `run` may share it. */
  readonly isServer: boolean;
  /** Set for `run`: the only base that answers. */
  readonly secretBase: string | undefined;
}

/** What may change while the server runs; everything else wants a restart. */
export type ReloadableSettings = Omit<ProxySettings, 'scratch' | 'store' | 'recordRequests'> &
  Pick<EngineSettings, 'store'>;

type Shared = Pick<
  EngineSettings,
  | 'store'
  | 'databaseFile'
  | 'memoryBytes'
  | 'offline'
  | 'lookAhead'
  | 'verifyFirstBytes'
  | 'healing'
>;

/** What `serve` and `run` take from the configuration alike. */
export function sharedSettings(configuration: Configuration): Shared {
  const { store, database, memory, offline, lookAhead } = configuration;
  return {
    store,
    databaseFile: database ?? join(store, 'cofferdam.db'),
    memoryBytes: memory,
    offline,
    lookAhead,
    verifyFirstBytes: configuration.verifyFirst,
    healing: healing.settingsOf(
      new Map(configuration.healing.map(({ name, value }) => [name, value])),
    ),
  };
}

/** What only `serve` takes from it: in `run` the child's own Go settings say these. */
export function servedSettings(
  configuration: Configuration,
): Pick<
  EngineSettings,
  | 'upstream'
  | 'databases'
  | 'privateUpstream'
  | 'privatePatterns'
  | 'noLookupPatterns'
  | 'requireVerification'
  | 'noLookAheadPatterns'
  | 'budget'
> {
  return {
    upstream: configuration.upstream,
    databases: configuration.sumdb,
    privateUpstream: configuration.privateUpstream,
    privatePatterns: configuration.private,
    noLookupPatterns: [configuration.private, configuration.noSumdb]
      .filter((patterns) => patterns !== '')
      .join(','),
    requireVerification: configuration.requireVerification,
    // A private path goes to a private upstream or to none, ahead or not.
    noLookAheadPatterns: '',
    budget: {
      maximumBytes: configuration.maxStoreSize,
      maximumAgeMilliseconds: configuration.maxAge,
      pinnedPatterns: configuration.pin,
    },
  };
}
