import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createHop, createModuleGraph, createOrigin } from '../../src/drills/index.ts';
import type { ModuleGraph, ModuleSpecification } from '../../src/drills/index.ts';
import { createSystemClock } from '../../src/platform/adapters.ts';
import { COFFERDAM } from '../faults/systems.ts';
import { download, sumLines } from '../support/go-download.ts';
import { freePort, startAnnounced } from '../support/server-process.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { askAbsences, startLoad } from './load.ts';
import { observe, observeAtRest } from './observe.ts';
import { createTally } from './tally.ts';
import { createTruth } from './truth.ts';
import { createSky } from './weather.ts';
import type { Era } from './load.ts';
import type { Holdings } from './observe.ts';
import type { Tally, TallyFigures } from './tally.ts';
import type { Sky } from './weather.ts';

export interface SoakSettings {
  readonly scratch: string;
  readonly minutes: number;
  readonly clients: number;
  readonly restartMinutes: number;
  readonly serveArguments: readonly string[];
  readonly tell: (line: string) => void;
}

export interface Sample extends Holdings {
  readonly minute: number;
  /** Since the last start of the server. */
  readonly ageMinutes: number;
  /** No client is connected, and idle connections have had time to close. */
  readonly atRest: boolean;
  readonly answers: number;
}

export interface SoakResult {
  readonly samples: readonly Sample[];
  readonly tally: TallyFigures;
  readonly restarts: number;
}

const DATABASE = 'sumdb.soak.test';
const MODULES_EACH_MINUTE = 250;
const GRAPH_MODULES = 40;
const WEATHER_MILLISECONDS = 12_000;
const REST_MILLISECONDS = 30_000;
/** Between the end of the rest and the restart: it must come in the middle of answers. */
const STIR_MILLISECONDS = 2000;
const GO_LIMIT_MILLISECONDS = 120_000;

/** Runs the server under load, bad weather and restarts. */
export async function soak(settings: SoakSettings): Promise<SoakResult> {
  await using stack = new AsyncDisposableStack();
  const stage = await setStage(settings, stack);
  const tally = createTally(settings.tell);
  const samples: Sample[] = [];
  const begun = performance.now();
  const minute = (): number => (performance.now() - begun) / 60_000;
  let server = await stage.start();
  stack.defer(async () => server.stop());
  let [era, startedAt, serving] = [1, minute(), true];
  const eras: Era = { now: () => (serving ? era : undefined) };
  await askAbsences(server.url);
  const load = startLoad(
    { truth: createTruth(), tally, era: eras },
    { url: server.url, clients: settings.clients, modules: stage.modules, database: DATABASE },
  );
  stack.defer(load.stop);
  const background = startBackground({ settings, stage, tally, eras, url: server.url });
  stack.defer(background.stop);

  async function sample(atRest: boolean): Promise<void> {
    const holdings = atRest
      ? await observeAtRest(server.pid, REST_MILLISECONDS)
      : await observe(server.pid);
    const [now, { answers }] = [minute(), tally.read()];
    samples.push({ ...holdings, minute: now, ageMinutes: now - startedAt, atRest, answers });
    const { wrong, unexpected } = tally.read();
    settings.tell(
      `minute ${now.toFixed(1)}: ${background.weather()}, ${answers} answers, ${wrong} wrong, ${unexpected} unexpected, ` +
        `${Math.round(holdings.pssBytes / 2 ** 20)} MiB, ${holdings.openFiles} open files${atRest ? ' at rest' : ''}`,
    );
  }

  let restarts = 0;
  for (;;) {
    const until = Math.min(settings.minutes, minute() + settings.restartMinutes);
    while (minute() < until) {
      await pause(Math.max(0, Math.min(60_000, (until - minute()) * 60_000)));
      await sample(false);
    }
    await Promise.all([load.pause(), background.pause()]);
    await stage.disconnect();
    await sample(true);
    if (minute() >= settings.minutes) break;
    load.resume();
    background.resume();
    await pause(STIR_MILLISECONDS);
    serving = false;
    await (restarts % 2 === 0 ? server.stop() : server.kill());
    server = await stage.start();
    restarts += 1;
    era += 1;
    [startedAt, serving] = [minute(), true];
    settings.tell(`minute ${minute().toFixed(1)}: restart ${restarts}`);
  }
  return { samples, tally: tally.read(), restarts };
}

interface Stage {
  readonly modules: readonly ModuleSpecification[];
  readonly graph: ModuleGraph;
  readonly sky: Sky;
  /** Breaks idle connections to upstreams, which would close by themselves in their own time. */
  disconnect(): Promise<void>;
  start(): Promise<ServerProcess>;
}

async function setStage(settings: SoakSettings, stack: AsyncDisposableStack): Promise<Stage> {
  const needs = { clock: createSystemClock() };
  const graph = createModuleGraph({
    modules: GRAPH_MODULES,
    depth: 4,
    medianZipBytes: 8000,
    seed: 'soak',
    mainLists: 'all',
  });
  const modules = makeModules(Math.ceil(settings.minutes * MODULES_EACH_MINUTE));
  const all = [...modules, ...graph.modules];
  const bad = await createOrigin(needs, { modules: all });
  const good = await createOrigin(needs, { modules: all });
  const records = await createOrigin(needs, { modules: all, checksumDatabase: DATABASE });
  const hop = await createHop(needs, { target: bad.url });
  const goodHop = await createHop(needs, { target: good.url });
  const recordsHop = await createHop(needs, { target: records.url });
  const hops = [hop, goodHop, recordsHop];
  for (const { close } of [bad, good, records, ...hops]) stack.defer(close);
  const port = await freePort();
  const database = `${records.database?.key ?? ''} ${recordsHop.url}/sumdb/${DATABASE}`;
  const store = join(settings.scratch, 'store');
  const words = ['serve', '--quiet', '--listen', `127.0.0.1:${port}`, '--store', store].concat(
    ['--upstream', `${hop.url}|${goodHop.url}`, '--sumdb', database],
    settings.serveArguments,
  );
  return {
    modules,
    graph,
    sky: createSky(bad, hop),
    async disconnect() {
      for (const one of hops) {
        await one.goDown();
        await one.comeUp();
      }
    },
    start: async () =>
      startAnnounced({
        command: [...COFFERDAM, ...words],
        environment: {},
        directory: settings.scratch,
      }),
  };
}

/** Mostly small, some that grow on the disk while they are read, as in real life. */
function makeModules(count: number): readonly ModuleSpecification[] {
  return Array.from({ length: count }, (_, index) => ({
    path: `soak.test/m${index}`,
    version: `v1.${index % 7}.0`,
    zipBytes:
      index % 100 === 7 ? 5_000_000 : index % 20 === 3 ? 1_200_000 : 3000 + (index % 50) * 900,
  }));
}

interface Background {
  weather(): string;
  pause(): Promise<void>;
  resume(): void;
  stop(): Promise<void>;
}

/** The weather, and one `go` that downloads a graph again and again. */
function startBackground(given: {
  readonly settings: SoakSettings;
  readonly stage: Stage;
  readonly tally: Tally;
  readonly eras: Era;
  readonly url: string;
}): Background {
  const { settings, stage, tally, eras, url } = given;
  const lines = sumLines(stage.graph.main['go.sum'] ?? '');
  let isRunning = false;
  let isOver = false;
  let weather = '';
  let building: Promise<void> = Promise.resolve();

  async function build(): Promise<void> {
    while (isRunning) {
      const era = eras.now();
      const outcome = await download({
        folder: join(settings.scratch, 'go'),
        files: { 'go.mod': stage.graph.main['go.mod'] ?? '' },
        prefix: [],
        environment: { GOPROXY: url, GOSUMDB: 'off' },
        limitMilliseconds: GO_LIMIT_MILLISECONDS,
        expected: lines,
      });
      if (outcome.kind === 'success') tally.good('go');
      else if (outcome.kind === 'wrong') tally.wrong('go mod download');
      else if (era !== undefined && era === eras.now())
        tally.unexpected(`go mod download ${outcome.kind}: ${outcome.text.slice(0, 300)}`);
      else tally.whileRestarting();
      await pause(500);
    }
  }
  async function changeWeather(): Promise<void> {
    while (!isOver) {
      weather = await stage.sky.change();
      for (let waited = 0; waited < WEATHER_MILLISECONDS && !isOver; waited += 250)
        await pause(250);
    }
  }
  function resume(): void {
    isRunning = true;
    building = build();
  }
  async function halt(): Promise<void> {
    isRunning = false;
    await building;
  }
  const changing = changeWeather();
  resume();
  return {
    weather: () => weather,
    pause: halt,
    resume,
    async stop() {
      isOver = true;
      await Promise.all([halt(), changing]);
    },
  };
}
