import { getRequestListener } from '@hono/node-server';
import { ProgramError, isProgramError } from './platform/index.ts';
import type { Clock, Database, Files, HttpClient, Locks, Logger, Random } from './platform/index.ts';
import { openSqliteDatabase } from './platform/adapters.ts';
import { PROXY_MIGRATIONS, createProxy } from './proxy/index.ts';
import type { ChecksumDatabase, Credentials, Proxy, ProxySummary } from './proxy/index.ts';
import { createDispatcher, createOperations, startServer } from './server/index.ts';
import type { Component, Request, Response, RunningServer } from './server/index.ts';
import { createPrometheusMeter } from './telemetry/index.ts';

/** The real adapters, made once by the program. */
export interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly files: Files;
  readonly locks: Locks;
  readonly logger: Logger;
  readonly http: HttpClient;
  readonly credentials?: Credentials | undefined;
}

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
  readonly databases: readonly ChecksumDatabase[];
  readonly offline: boolean;
  readonly memoryBytes: number;
  /** True for `serve`: the one server of this store. Any number of `run` may share it. */
  readonly isServer: boolean;
  /** Set for `run`: the only base that answers. */
  readonly secretPath: string | undefined;
}

/** A proxy that listens: what `serve` and `run` have in common. */
export interface RunningEngine {
  readonly address: string;
  summary(): ProxySummary;
  /** Lets answers and fills end for the time given, then breaks them off. */
  stop(graceMilliseconds: number): Promise<void>;
}

/** Puts the parts together and starts them. Throws ProgramError with what the user can do about it. */
export async function startEngine(ports: Ports, settings: EngineSettings): Promise<RunningEngine> {
  const undo: (() => Promise<void>)[] = [];
  try {
    const telemetry = createPrometheusMeter({ version: settings.version });
    const scratch = await takeStore(ports, settings, undo);
    const database = await openSqliteDatabase(ports, {
      file: settings.databaseFile,
      migrations: PROXY_MIGRATIONS,
    });
    undo.push(async () => database.close());
    const proxy = createProxy(
      { ...ports, database, meter: telemetry.meter },
      { ...settings, scratch },
    );
    undo.push(async () => proxy.close(AbortSignal.abort()));
    const operations = createOperations({
      readiness: async () => checkReadiness(ports, settings, database),
      metrics: telemetry.render,
    });
    const listener = getRequestListener(operations.fetch);
    const dispatch = createDispatcher({
      proxy: proxy.handle,
      operations: (request: Request, response: Response) => {
        void listener(request, response);
      },
      secretPath: settings.secretPath,
    });
    const server = await startServer({ ...ports, meter: telemetry.meter, dispatch }, settings);
    return running(ports, proxy, server, undo);
  } catch (error) {
    await undoAll(undo);
    throw error;
  }
}

function running(
  ports: Ports,
  proxy: Proxy,
  server: RunningServer,
  undo: readonly (() => Promise<void>)[],
): RunningEngine {
  return {
    address: server.address,
    summary: proxy.summary,
    async stop(graceMilliseconds) {
      const deadline = ports.clock.deadline(graceMilliseconds);
      await server.stop(graceMilliseconds);
      await proxy.close(deadline);
      await undoAll(undo);
    },
  };
}

async function undoAll(undo: readonly (() => Promise<void>)[]): Promise<void> {
  for (const step of undo.toReversed()) {
    await step();
  }
}

/** Locks the store where that is due, and gives this process a scratch directory of its own. */
async function takeStore(
  ports: Ports,
  settings: EngineSettings,
  undo: (() => Promise<void>)[],
): Promise<string> {
  const { files, locks, random } = ports;
  try {
    await files.makeDirectory(`${settings.store}/modules`);
    await files.makeDirectory(`${settings.store}/scratch`);
  } catch (error) {
    throw storeUnusable(settings.store, error);
  }
  if (settings.isServer) {
    const lock = await locks.tryExclusive(`${settings.store}/serve.lock`);
    if (lock === undefined) {
      throw new ProgramError({
        code: 'store-in-use',
        kind: 'conflict',
        message: `another cofferdam serve already uses the store ${settings.store}`,
        hint: 'stop it, or give this one its own directory with --store; any number of cofferdam run may share a store',
      });
    }
    undo.push(async () => lock.release());
  }
  await sweepScratch(ports, settings.store);
  const scratch = `${settings.store}/scratch/${random.bytes(8).toString('hex')}`;
  // The lock first: another process that sweeps must never find the directory unowned.
  const owner = await locks.tryExclusive(`${scratch}.lock`);
  await files.makeDirectory(scratch).catch((error: unknown) => {
    throw storeUnusable(settings.store, error);
  });
  undo.push(async () => {
    await files.remove(scratch);
    await owner?.release();
    await files.remove(`${scratch}.lock`);
  });
  return scratch;
}

/** Removes what processes that died left behind; a live one holds the lock beside its directory. */
async function sweepScratch(ports: Ports, store: string): Promise<void> {
  const { files, locks, logger } = ports;
  for (const entry of (await files.list(`${store}/scratch`)) ?? []) {
    if (entry.kind !== 'directory') {
      continue;
    }
    const path = `${store}/scratch/${entry.name}`;
    try {
      const lock = await locks.tryExclusive(`${path}.lock`);
      if (lock !== undefined) {
        await files.remove(path);
        await lock.release();
        await files.remove(`${path}.lock`);
      }
    } catch (error) {
      logger.warn('an old scratch directory could not be removed', { path, error: String(error) });
    }
  }
}

function storeUnusable(store: string, cause: unknown): ProgramError {
  return new ProgramError({
    code: 'store-unusable',
    kind: 'bad-input',
    message: `the store directory ${store} cannot be written`,
    cause,
    hint: 'make it writable for this user, or choose another one with --store',
  });
}

async function checkReadiness(
  ports: Ports,
  settings: EngineSettings,
  database: Database,
): Promise<readonly Component[]> {
  const check = async (name: string, work: () => Promise<unknown>): Promise<Component> => {
    try {
      await work();
      return { name, status: 'ok' };
    } catch (error) {
      const detail = isProgramError(error) ? error.message : 'failed by a bug of ours';
      return { name, status: 'failing', detail };
    }
  };
  return Promise.all([
    check('store', async () => ports.files.freeBytes(`${settings.store}/modules`)),
    check('database', async () => database.query('SELECT 1 AS one')),
  ]);
}
