import type { TestContext } from 'node:test';
import { startEngine } from '../../src/app/start-engine.ts';
import type { EngineSettings } from '../../src/app/engine-settings.ts';
import type { RunningEngine } from '../../src/app/start-engine.ts';
import type { Files } from '../../src/platform/index.ts';
import {
  createDiskFiles,
  createFileLocks,
  createHttpClient,
  createQuietLogger,
  createSystemClock,
  createSystemRandom,
  createWorkerProcesses,
} from '../../src/platform/adapters.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface StartedCofferdam extends RunningEngine {
  readonly store: string;
}

/**
 * A tenth of the waits towards upstreams that a user gets, so that what fails for good does not make a
 * test last 18 s.
 */
const TENTH: NonNullable<EngineSettings['healing']> = {
  walk: {
    headersMilliseconds: 7000,
    retryBaseMilliseconds: 20,
    retryCapMilliseconds: 200,
    retryAfterCapMilliseconds: 400,
    patienceMilliseconds: 1800,
    unhealthySilenceMilliseconds: 1000,
    overtakeMilliseconds: 400,
    rescueMilliseconds: 800,
  },
};

/** Every test of the server may be played with more than one process. */
const WORKERS = Number(process.env['COFFERDAM_WORKERS'] ?? 1);
const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;

/** The whole engine in this process, on a free port, with a store that goes away with the test. */
export async function startCofferdam(
  test: TestContext,
  settings: Partial<EngineSettings> & { readonly upstream: string },
  changeFiles: (files: Files) => Files = (files) => files,
): Promise<StartedCofferdam> {
  const files = changeFiles(createDiskFiles());
  const store = settings.store ?? (await temporaryFolder(test));
  const http = createHttpClient({}, { version: 'test', environment: {} });
  const engine = await startEngine(
    {
      clock: createSystemClock(),
      random: createSystemRandom(),
      files,
      locks: createFileLocks({ files }),
      logger: createQuietLogger(),
      http,
      workerProcesses: createWorkerProcesses({ file: MAIN, words: ['worker-process'], flags: [] }),
    },
    {
      version: 'test',
      host: '127.0.0.1',
      port: 0,
      tls: undefined,
      databaseFile: `${store}/cofferdam.db`,
      privateUpstream: undefined,
      privatePatterns: '',
      noLookupPatterns: settings.privatePatterns ?? '',
      databases: [],
      requireVerification: false,
      verifyFirstBytes: 1024 * 1024,
      offline: false,
      lookAhead: true,
      noLookAheadPatterns: '',
      memoryBytes: 64 * 1024 * 1024,
      healing: TENTH,
      isServer: true,
      workers:
        WORKERS > 1
          ? { count: WORKERS, log: { level: 'error', format: 'json', color: false } }
          : undefined,
      secretBase: undefined,
      ...settings,
      store,
    },
  );
  let stopped: Promise<void> | undefined;
  const stop = async (grace: number): Promise<void> => {
    stopped ??= engine.stop(grace).then(async () => http.close());
    await stopped;
  };
  test.after(async () => stop(1000));
  return { ...engine, stop, store };
}
