import { toldCause } from '../finding/index.ts';
import { isProgramError } from '../platform/index.ts';
import type { Database, Files } from '../platform/index.ts';
import type { Component } from '../server/index.ts';

/** Below this a file system takes small files at best: the database and the journal need some too. */
const LEAST_FREE_BYTES = 16 * 1024 * 1024;

/**
 * Whether requests are welcome. They are where the store takes nothing: what it holds and what upstreams
 * have is served all the same, so that is told and is no reason to send clients elsewhere.
 */
export function createReadiness(
  needs: {
    readonly files: Files;
    readonly database: Database;
    readonly storeProblem: () => string | undefined;
  },
  settings: { readonly store: string; readonly offline: boolean },
): () => Promise<readonly Component[]> {
  async function checkStore(): Promise<Component> {
    const known = needs.storeProblem();
    if (known !== undefined) return degradedStore(known);
    try {
      const free = await needs.files.freeBytes(`${settings.store}/modules`);
      const problem = `only ${free} bytes are free on its file system`;
      return free < LEAST_FREE_BYTES ? degradedStore(problem) : { name: 'store', status: 'ok' };
    } catch (error) {
      // Offline it is all there is.
      return settings.offline ? failing('store', error) : degradedStore(toldCause(error));
    }
  }

  async function checkDatabase(): Promise<Component> {
    try {
      await needs.database.query('SELECT 1 AS one');
      return { name: 'database', status: 'ok' };
    } catch (error) {
      return failing('database', error);
    }
  }

  return async () => Promise.all([checkStore(), checkDatabase()]);
}

function degradedStore(problem: string): Component {
  const detail = `what is fetched is served and not stored: ${problem}`;
  return { name: 'store', status: 'degraded', detail };
}

function failing(name: string, error: unknown): Component {
  const detail = isProgramError(error) ? toldCause(error) : 'failed by a bug of ours';
  return { name, status: 'failing', detail };
}
