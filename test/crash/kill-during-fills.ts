import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createOrigin } from '../../src/drills/index.ts';
import type { Origin } from '../../src/drills/index.ts';
import { createSystemClock } from '../../src/platform/adapters.ts';

/** What the runs showed; every count but the first three must be zero. */
export interface CrashFigures {
  readonly runs: number;
  /** Artifacts that were on the disk after a kill, all runs together. */
  readonly stored: number;
  /** Answers that reached a client whole before the kill. */
  readonly servedWhole: number;
  readonly corruptStored: number;
  readonly corruptServed: number;
  /** Artifacts that were not right after the restart. */
  readonly wrongAfterRestart: number;
  /** Files that a dead process left in the scratch space after the restart. */
  readonly leftInScratch: number;
}

const FILLS = 20;
/** Small ones are written whole, large ones grow: both ways to the disk are cut. */
const SIZES = [20_000, 300_000, 2_000_000, 6_000_000];
/** Slow enough that a kill finds fills at every stage. */
const BYTES_PER_SECOND = 6_000_000;

/** Fills are stored within two seconds of their end. */
const STORED_MILLISECONDS = 20_000;

interface Server {
  readonly child: ChildProcess;
  readonly address: string;
}

/** Kills the server with SIGKILL in the middle of twenty fills, again and again, on one store. */
export async function killDuringFills(
  store: string,
  runs: number,
  tell: (text: string) => void,
): Promise<CrashFigures> {
  const figures = {
    stored: 0,
    servedWhole: 0,
    corruptStored: 0,
    corruptServed: 0,
    wrongAfterRestart: 0,
    leftInScratch: 0,
  };
  const origin = await createOrigin(
    { clock: createSystemClock() },
    { network: { bytesPerSecond: BYTES_PER_SECOND } },
  );
  try {
    for (let run = 0; run < runs; run += 1) {
      const right = await addModules(origin, run);
      const server = await start(store, origin.url);
      const { answers, first } = fetchAll(server.address, [...right.keys()]);
      // From the first bytes to beyond the end of the last fill; a busy machine needs longer for both.
      if (run % 2 === 1) await first;
      if (run % 4 === 3) await anyStored(store, [...right.keys()]);
      await sleep(Math.random() * 1200);
      const gone = new Promise((resolve) => server.child.once('exit', resolve));
      server.child.kill('SIGKILL');
      await gone;
      for (const [path, digest] of await Promise.all(answers)) {
        if (digest === undefined) continue;
        figures.servedWhole += 1;
        if (digest !== right.get(path)) figures.corruptServed += 1;
      }
      for (const path of right.keys()) {
        const bytes = await readFile(`${store}/modules${path}`).catch(() => undefined);
        if (bytes === undefined) continue;
        figures.stored += 1;
        if (digestOf(bytes) !== right.get(path)) figures.corruptStored += 1;
      }
      await checkRestart(store, origin, right, figures);
      tell(`run ${run + 1} of ${runs}: ${JSON.stringify(figures)}`);
    }
  } finally {
    await origin.close();
  }
  return { runs, ...figures };
}

/** On a machine that is busy enough, a kill by the clock alone would never find anything on the disk. */
async function anyStored(store: string, paths: readonly string[]): Promise<void> {
  const end = performance.now() + STORED_MILLISECONDS;
  while (performance.now() < end && !paths.some((path) => existsSync(`${store}/modules${path}`))) {
    await sleep(5);
  }
}

interface Fetching {
  readonly answers: readonly Promise<readonly [string, string | undefined]>[];
  /** Settles with the first answer that came whole, or with the last of those that did not. */
  readonly first: Promise<unknown>;
}

function fetchAll(address: string, paths: readonly string[]): Fetching {
  const whole = Promise.withResolvers<void>();
  const answers = paths.map(async (path) => {
    const digest = await fetchWhole(address + path);
    if (digest !== undefined) whole.resolve();
    return [path, digest] as const;
  });
  return { answers, first: Promise.race([whole.promise, Promise.all(answers)]) };
}

async function addModules(origin: Origin, run: number): Promise<Map<string, string>> {
  const modules = Array.from({ length: FILLS }, (_, index) => ({
    path: `crash.test/r${run}/m${index}`,
    version: 'v1.0.0',
    zipBytes: SIZES[index % SIZES.length] ?? 20_000,
  }));
  origin.addModules(modules);
  origin.setNetwork({});
  const right = new Map<string, string>();
  for (const { path } of modules) {
    const file = `/${path}/@v/v1.0.0.zip`;
    right.set(file, (await fetchWhole(origin.url + file)) ?? 'the origin failed');
  }
  origin.setNetwork({ bytesPerSecond: BYTES_PER_SECOND });
  return right;
}

async function checkRestart(
  store: string,
  origin: Origin,
  right: ReadonlyMap<string, string>,
  figures: { wrongAfterRestart: number; leftInScratch: number },
): Promise<void> {
  origin.setNetwork({});
  const server = await start(store, origin.url);
  const left = (await readdir(`${store}/scratch`, { withFileTypes: true })).filter((entry) =>
    entry.isDirectory(),
  );
  // The one directory is that of the server that now runs.
  figures.leftInScratch += Math.max(0, left.length - 1);
  for (const [path, digest] of right) {
    if ((await fetchWhole(server.address + path)) !== digest) figures.wrongAfterRestart += 1;
  }
  const gone = new Promise((resolve) => server.child.once('exit', resolve));
  server.child.kill('SIGTERM');
  await gone;
}

async function start(store: string, upstream: string): Promise<Server> {
  const main = new URL('../../src/main.ts', import.meta.url).pathname;
  const child = spawn(
    process.execPath,
    [
      main,
      'serve',
      '--quiet',
      '--listen',
      '127.0.0.1:0',
      '--store',
      store,
      '--upstream',
      upstream,
      '--sumdb',
      'off',
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /^listening on (\S+)$/u.exec(line)?.[1];
    if (address !== undefined) return { child, address };
  }
  throw new Error('the server ended before it listened');
}

/** The digest of a body that came whole, else undefined. */
async function fetchWhole(url: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    get(url, { agent: false }, (response) => {
      const hash = createHash('sha256');
      response.on('data', (piece: Buffer) => hash.update(piece));
      response.on('end', () => {
        resolve(response.complete && response.statusCode === 200 ? hash.digest('hex') : undefined);
      });
      response.on('error', () => {
        resolve(undefined);
      });
    }).on('error', () => {
      resolve(undefined);
    });
  });
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
