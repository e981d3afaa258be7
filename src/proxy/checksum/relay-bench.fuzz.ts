import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { startDatabase, type CountedDatabase } from '../../../test/support/checksum-database.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { createDiskFiles, createSystemClock } from '../../platform/adapters.ts';
import type { Files, Logger } from '../../platform/index.ts';
import { createChecksumRelay, type ChecksumRelay } from './checksum-relay.ts';
import type { FetchedResource, RelayAnswer } from './relay-answer.ts';

export type Fetch = (resource: string) => FetchedResource | Promise<FetchedResource>;

/** A database, a store, and relays between them. */
export interface Bench {
  readonly database: CountedDatabase;
  readonly store: string;
  readonly findings: unknown[];
  fetch: Fetch;
  files: Files;
  start(): ChecksumRelay;
}

function createLogger(findings: unknown[]): Logger {
  const logger: Logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (_, data) => findings.push(data?.['finding']),
    child: () => logger,
  };
  return logger;
}

export function fromDatabase(database: CountedDatabase): Fetch {
  return (resource) => {
    const bytes = database.answer(resource);
    return bytes === undefined
      ? {
          outcome: 'absent',
          upstream: 'test',
          status: 404,
          body: Buffer.from('not found: no such record'),
          contentType: 'text/plain',
          certain: true,
        }
      : { outcome: 'found', bytes, upstream: 'test' };
  };
}

export async function createBench(
  t: TestContext,
  settings: { readonly modules?: number; readonly key?: 'none' } = {},
): Promise<Bench> {
  const database = await startDatabase(t, settings.modules);
  const store = await temporaryFolder(t);
  const findings: unknown[] = [];
  const bench: Bench = {
    database,
    store,
    findings,
    fetch: fromDatabase(database),
    files: createDiskFiles(),
    start: () => {
      const relay = createChecksumRelay(
        {
          files: bench.files,
          clock: createSystemClock(),
          logger: createLogger(findings),
          fetchResource: async (_, resource) => bench.fetch(resource),
        },
        {
          databases: [
            { name: database.name, key: settings.key === 'none' ? undefined : database.key },
          ],
          directory: join(store, 'modules/sumdb'),
          stateDirectory: join(store, 'sumdb-state'),
          scratch: join(store, 'scratch'),
          offline: false,
        },
      );
      t.after(() => relay.close());
      return relay;
    },
  };
  return bench;
}

export function lookup(index: number): string {
  return `lookup/m.test/!m${index}@v1.0.0`;
}

export function ask(
  relay: ChecksumRelay,
  bench: Bench,
  resource: string,
  cachedOnly = false,
): Promise<RelayAnswer> {
  return relay.answer(bench.database.name, resource, { cachedOnly });
}
