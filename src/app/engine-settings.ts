import { join } from 'node:path';
import type { EngineSettings } from './start-engine.ts';
import type { Configuration } from '../config.ts';

type Shared = Pick<
  EngineSettings,
  'store' | 'databaseFile' | 'memoryBytes' | 'offline' | 'privateUpstream' | 'privatePatterns'
>;

/** What `serve` and `run` take from the configuration alike. */
export function sharedSettings(configuration: Configuration): Shared {
  const { store, database, memory, offline } = configuration;
  return {
    store,
    databaseFile: database ?? join(store, 'cofferdam.db'),
    memoryBytes: memory,
    offline,
    privateUpstream: configuration.privateUpstream,
    privatePatterns: configuration.private,
  };
}
