import { join } from 'node:path';
import type { EngineSettings } from './start-engine.ts';
import type { Configuration } from '../config.ts';

type Shared = Pick<
  EngineSettings,
  'store' | 'databaseFile' | 'memoryBytes' | 'offline' | 'lookAhead'
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
