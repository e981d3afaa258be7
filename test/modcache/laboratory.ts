import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, lstat, mkdir, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createModuleGraph, createOrigin } from '../../src/drills/index.ts';
import type { Origin } from '../../src/drills/index.ts';
import { createSystemClock } from '../../src/platform/adapters.ts';

const run = promisify(execFile);

const MODULES = 36;

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Module {
  readonly path: string;
  readonly version: string;
}

/** A loopback origin with a checksum database, a main module, and a whole module cache of it. */
export interface Laboratory {
  readonly folder: string;
  readonly modules: readonly Module[];
  /** A copy of the sound cache, with the main module beside it. */
  copy(name: string): Promise<CacheCopy>;
  close(): Promise<void>;
}

export interface CacheCopy {
  /** GOMODCACHE. */
  readonly cache: string;
  readonly main: string;
  readonly environment: Readonly<Record<string, string>>;
  go(...words: readonly string[]): Promise<Ended>;
  remove(): Promise<void>;
}

export async function createLaboratory(folder: string): Promise<Laboratory> {
  const graph = createModuleGraph({
    modules: MODULES,
    depth: 3,
    medianZipBytes: 4000,
    seed: 'module cache',
    mainLists: 'all',
  });
  const modules = [
    ...graph.modules.map((module, index) => ({
      ...module,
      files: { [`more/text${index}.txt`]: `text ${index}\n`, LICENSE: 'free\n' },
    })),
    // Its name is escaped on the disk.
    { path: 'graph.test/Upper/Case', version: 'v1.2.3-Rc1', zipBytes: 3000 },
  ];
  const origin = await createOrigin(
    { clock: createSystemClock() },
    { modules, checksumDatabase: 'sum.graph.test', recordsAhead: true },
  );
  const sound = copyIn(join(folder, 'sound'), origin);
  await mkdir(sound.main, { recursive: true });
  const direct = [...(graph.main['main.go'] ?? '').matchAll(/_ "(.+)"/g)].map(
    ([, path = '']) => path,
  );
  // A library and not a program: nothing of the standard library is compiled.
  await writeFile(
    join(sound.main, 'all.go'),
    `package all\n\nimport (\n${[...direct, 'graph.test/Upper/Case'].map((path) => `\t_ "${path}"\n`).join('')})\n`,
  );
  await writeFile(join(sound.main, 'go.mod'), graph.main['go.mod'] ?? '');
  for (const words of [
    ['mod', 'tidy'],
    ['mod', 'download'],
    ['build', './...'],
  ]) {
    const ended = await sound.go(...words);
    if (ended.code !== 0) throw new Error(`go ${words.join(' ')}: ${ended.stderr}`);
  }
  return {
    folder,
    modules: modules.map(({ path, version }) => ({ path, version })),
    copy: async (name) => {
      const copy = copyIn(join(folder, name), origin);
      await cp(join(folder, 'sound', 'main'), copy.main, { recursive: true });
      await cp(sound.cache, copy.cache, { recursive: true, preserveTimestamps: true });
      return copy;
    },
    close: async () => origin.close(),
  };
}

function copyIn(home: string, origin: Origin): CacheCopy {
  const [cache, main] = [join(home, 'mod'), join(home, 'main')];
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    GOPATH: join(home, 'gopath'),
    GOMODCACHE: cache,
    // One for all copies: what was compiled once is compiled.
    GOCACHE: join(home, '..', 'compiled'),
    GOPROXY: origin.url,
    GOSUMDB: origin.database?.key ?? '',
    GOENV: 'off',
    GOFLAGS: '',
    GOTOOLCHAIN: 'local',
  };
  return {
    cache,
    main,
    environment,
    go: async (...words) => {
      try {
        const { stdout, stderr } = await run('go', words, { cwd: main, env: environment });
        return { code: 0, stdout, stderr };
      } catch (error) {
        const { code, stdout, stderr } = error as Ended;
        return { code, stdout, stderr };
      }
    },
    remove: async () => {
      await run('chmod', ['-R', 'u+rwX', home]);
      await rm(home, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Every file below a folder with its hash, links with where they lead. */
export async function listTree(folder: string): Promise<ReadonlyMap<string, string>> {
  const tree = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1);
    if (entry.isSymbolicLink()) tree.set(name, `-> ${await readlink(path)}`);
    else if (entry.isFile())
      tree.set(
        name,
        createHash('sha256')
          .update(await readFile(path))
          .digest('hex'),
      );
  }
  return tree;
}

export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
