import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, startAnnounced, startProbed } from '../support/server-process.ts';
import type { ServerProcess } from '../support/server-process.ts';

export type SystemName = 'go' | 'athens' | 'goproxy' | 'serve' | 'run';

/** Something that `go` downloads through. */
export interface System {
  readonly name: SystemName;
  start(place: Place): Promise<StartedSystem>;
}

export interface Place {
  /** An empty directory of its own. */
  readonly folder: string;
  /** In the syntax of GOPROXY. */
  readonly upstream: string;
  /** `NAME+KEY URL`; undefined is none. */
  readonly database: string | undefined;
}

export interface StartedSystem {
  /** Stands before the go command. */
  readonly prefix: readonly string[];
  /** For the go command. */
  readonly environment: Readonly<Record<string, string>>;
  readonly server: ServerProcess | undefined;
  log(): string;
  stop(): Promise<void>;
}

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;
export const COFFERDAM: readonly string[] = [
  process.execPath,
  '--disable-warning=ExperimentalWarning',
  MAIN,
];

const plainGo: System = {
  name: 'go',
  async start({ upstream, database }) {
    return withoutServer([], { GOPROXY: upstream, GOSUMDB: database ?? 'off' });
  },
};

const run: System = {
  name: 'run',
  async start({ folder, upstream, database }) {
    const store = join(folder, 'store');
    const prefix = [...COFFERDAM, 'run', '--quiet', '--store', store, '--'];
    return withoutServer(prefix, { GOPROXY: upstream, GOSUMDB: database ?? 'off' });
  },
};

const serve: System = {
  name: 'serve',
  async start({ folder, upstream, database }) {
    const words = ['serve', '--listen', '127.0.0.1:0', '--store', join(folder, 'store')];
    const server = await startAnnounced({
      command: [...COFFERDAM, ...words, '--upstream', upstream, '--sumdb', database ?? 'off'],
      environment: {},
      directory: folder,
    });
    return withServer(server);
  },
};

/** The settings of a fair comparison: its upstream is ours, its inner go asks no database. */
function athens(binary: string): System {
  return {
    name: 'athens',
    async start({ folder, upstream }) {
      const port = await freePort();
      const storage = join(folder, 'storage');
      const scratch = join(folder, 'scratch');
      await mkdir(storage, { recursive: true });
      await mkdir(scratch, { recursive: true });
      const environment = {
        ATHENS_PORT: `127.0.0.1:${port}`,
        ATHENS_STORAGE_TYPE: 'disk',
        ATHENS_DISK_STORAGE_ROOT: storage,
        ATHENS_GO_BINARY_ENV_VARS: `GOPROXY=${upstream};GOSUMDB=off;GOTOOLCHAIN=local;GOFLAGS=-modcacherw`,
        ATHENS_GOGET_DIR: scratch,
        ATHENS_DOWNLOAD_MODE: 'sync',
        ATHENS_NETWORK_MODE: 'strict',
        ATHENS_LOG_LEVEL: 'error',
      };
      const command = { command: [binary], environment, directory: folder };
      return withServer(await startProbed(command, `http://127.0.0.1:${port}`, '/readyz'));
    },
  };
}

function goproxy(binary: string): System {
  return {
    name: 'goproxy',
    async start({ folder, upstream }) {
      const port = await freePort();
      const address = `127.0.0.1:${port}`;
      const cache = join(folder, 'cacher');
      await mkdir(cache, { recursive: true });
      const command = {
        command: [binary, 'server', '--address', address, '--cacher', 'dir', '--cacher-dir', cache],
        environment: {
          GOPROXY: upstream,
          GOSUMDB: 'off',
          GOMODCACHE: join(folder, 'modules'),
          GOFLAGS: '-modcacherw',
          GOTOOLCHAIN: 'local',
        },
        directory: folder,
      };
      return withServer(await startProbed(command, `http://${address}`, '/healthz'));
    },
  };
}

/** Plain go and Cofferdam always; the others when the environment names their binaries. */
export function findSystems(
  environment: Readonly<Record<string, string | undefined>>,
): readonly System[] {
  const athensBinary = environment['COFFERDAM_ATHENS'] ?? '';
  const goproxyBinary = environment['COFFERDAM_GOPROXY'] ?? '';
  return [
    plainGo,
    ...(athensBinary === '' ? [] : [athens(athensBinary)]),
    ...(goproxyBinary === '' ? [] : [goproxy(goproxyBinary)]),
    serve,
    run,
  ];
}

function withoutServer(
  prefix: readonly string[],
  environment: Readonly<Record<string, string>>,
): StartedSystem {
  return { prefix, environment, server: undefined, log: () => '', stop: async () => undefined };
}

function withServer(server: ServerProcess): StartedSystem {
  return {
    prefix: [],
    environment: { GOPROXY: server.url, GOSUMDB: 'off' },
    server,
    log: server.log,
    stop: server.stop,
  };
}
