import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createModuleGraph, createOrigin } from '../../src/drills/index.ts';
import type { FaultRule, Origin } from '../../src/drills/index.ts';
import { createSystemClock } from '../../src/platform/adapters.ts';

/** A program whose every module is imported, and the one upstream that has them. */
export interface Ground {
  readonly folder: string;
  /** The path of a zip below an upstream, one that every build needs. */
  readonly zipPath: string;
  /** An upstream of its own, whose faults follow from the seed. */
  startOrigin(seed: string, faults: readonly FaultRule[]): Promise<Origin>;
  /** A command with an empty module cache, and nothing stored. */
  run(command: readonly string[], settings: RoundSettings): Promise<Ended>;
  close(): Promise<void>;
}

export interface RoundSettings {
  readonly upstream: string;
  /** Instead of the program: the files of a main module. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  readonly limitMilliseconds: number;
}

export interface Ended {
  /** Undefined when the hard limit was reached. */
  readonly code: number | undefined;
  readonly milliseconds: number;
  readonly stderr: string;
}

/** Small zips keep the measure about requests. */
const MEDIAN_ZIP_BYTES = 4000;
/** A compiler's whole output, or the text of a failure. */
const KEPT_CHARACTERS = 20_000;

export async function createGround(
  scratch: string,
  modules: number,
  guard: readonly string[],
): Promise<Ground> {
  const graph = createModuleGraph({
    modules,
    depth: 6,
    medianZipBytes: MEDIAN_ZIP_BYTES,
    seed: 'guarded builds',
    mainLists: 'all',
  });
  const { path = '', version = '' } = graph.modules[Math.floor(modules / 2)] ?? {};
  const imports = graph.modules.map(({ path }) => `\t_ "${path}"`).join('\n');
  const program = {
    ...graph.main,
    'main.go': `package main\n\nimport (\n${imports}\n)\n\nfunc main() {}\n`,
  };
  const folder = await mkdtemp(join(scratch, 'guard-faults-'));
  const buildCache = spawnSync('go', ['env', 'GOCACHE']).stdout.toString().trim();

  async function run(command: readonly string[], settings: RoundSettings): Promise<Ended> {
    const home = await mkdtemp(join(folder, 'round-'));
    const main = join(home, 'main');
    await mkdir(main);
    for (const [name, text] of Object.entries({ ...program, ...settings.files }))
      await writeFile(join(main, name), text);
    const words = command[0] === 'run' ? [...guard, ...command.slice(1)] : command;
    const ended = await toEnd(words, main, settings.limitMilliseconds, {
      PATH: process.env['PATH'],
      HOME: home,
      XDG_CACHE_HOME: join(home, 'cache'),
      // Kept from round to round: what is measured is the download.
      GOCACHE: buildCache,
      GOENV: 'off',
      GOFLAGS: '-modcacherw',
      GOPATH: join(home, 'gopath'),
      GOTOOLCHAIN: 'local',
      GOPROXY: settings.upstream,
      GOSUMDB: 'off',
    });
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
    return ended;
  }

  return {
    folder,
    zipPath: `/${path}/@v/${version}.zip`,
    startOrigin: async (seed, faults) =>
      createOrigin({ clock: createSystemClock() }, { modules: graph.modules, seed, faults }),
    run,
    close: async () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

async function toEnd(
  [program = '', ...words]: readonly string[],
  directory: string,
  limitMilliseconds: number,
  environment: NodeJS.ProcessEnv,
): Promise<Ended> {
  const began = performance.now();
  const child = spawn(program, words, {
    cwd: directory,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own, so that the limit ends all of it.
    detached: true,
  });
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => {
    stderr = (stderr + bytes.toString()).slice(-KEPT_CHARACTERS);
  });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, limitMilliseconds);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => clearTimeout(timer));
  const milliseconds = performance.now() - began;
  return { code: isLate ? undefined : (code ?? -1), milliseconds, stderr };
}
