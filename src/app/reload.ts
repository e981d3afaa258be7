import type { Configuration, Values } from '../config.ts';
import type { Logger } from '../platform/index.ts';
import { isProgramError } from '../platform/index.ts';
import { servedSettings, sharedSettings } from './engine-settings.ts';
import type { RunningEngine } from './start-engine.ts';

/** What is opened once, at the start. */
const fixed: readonly (keyof Values)[] = [
  'listen',
  'store',
  'database',
  'offline',
  'tlsCert',
  'tlsKey',
  'workers',
  'logLevel',
  'logFormat',
];

export interface Reloader {
  /** Reads the configuration again; a bad one is refused with the reason and the old one stays. */
  reload(): Promise<void>;
}

export function createReloader(
  needs: {
    readonly load: () => Promise<Configuration>;
    readonly engine: Pick<RunningEngine, 'reload'>;
    readonly logger: Logger;
  },
  first: Configuration,
): Reloader {
  const { load, engine, logger } = needs;

  async function reloadOnce(): Promise<void> {
    try {
      const next = await load();
      const later = fixed.filter(
        (name) => JSON.stringify(next[name]) !== JSON.stringify(first[name]),
      );
      engine.reload({
        ...sharedSettings({ ...next, store: first.store, offline: first.offline }),
        ...servedSettings(next),
      });
      logger.info('the configuration was reloaded', { files: next.files });
      if (later.length > 0) {
        logger.warn('some changed settings take effect at the next start', { settings: later });
      }
    } catch (error) {
      const reason = isProgramError(error) ? error.message : String(error);
      logger.error('the new configuration was refused, the old one stays', { reason });
    }
  }

  let last = Promise.resolve();
  return {
    reload() {
      // One after the other, so that the newest configuration is the one that stays.
      last = last.then(reloadOnce);
      return last;
    },
  };
}
