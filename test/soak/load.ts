import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { ModuleSpecification } from '../../src/drills/index.ts';
import { ask } from './request.ts';
import type { Answer } from './request.ts';
import type { SoakFile, Truth } from './truth.ts';
import type { Tally } from './tally.ts';

export interface LoadNeeds {
  readonly truth: Truth;
  readonly tally: Tally;
  readonly era: Era;
}

/** Changes with each restart: what breaks while it changes is expected. */
export interface Era {
  /** Undefined while the server is on its way down or up. */
  now(): number | undefined;
}

export interface LoadSettings {
  readonly url: string;
  readonly clients: number;
  readonly modules: readonly ModuleSpecification[];
  /** `NAME` of a checksum database that knows the modules. */
  readonly database: string;
}

export interface Load {
  /** Waits for requests under way and closes the connections. */
  pause(): Promise<void>;
  resume(): void;
  stop(): Promise<void>;
}

/** Of the requests, most go to few modules, as in real life; the rest reaches everything once. */
const HOT_SHARE = 0.7;
const HOT_MODULES = 40;
const MISSING_MODULES = 40;
/** People and machines do not ask without a breath; this keeps two cores from being the limit. */
const BREATH_MILLISECONDS = 30;

interface Client {
  readonly agent: Agent;
  working: Promise<void>;
}

export function startLoad(needs: LoadNeeds, settings: LoadSettings): Load {
  let state: 'running' | 'paused' | 'stopped' = 'running';
  const clients: Client[] = Array.from({ length: settings.clients }, () => ({
    agent: new Agent({ keepAlive: true, maxSockets: 4 }),
    working: Promise.resolve(),
  }));

  async function play(what: Planned, agent: Agent): Promise<Problem | undefined> {
    try {
      return await what.play(agent, settings.url, needs.truth);
    } catch (error) {
      return { kind: 'refused', text: String(error) };
    }
  }

  async function work(client: Client): Promise<void> {
    while (state === 'running') {
      const era = needs.era.now();
      const what = choose(settings);
      const problem = await play(what, client.agent);
      if (problem === undefined) needs.tally.good(what.kind);
      else if (problem.kind === 'wrong') needs.tally.wrong(`${what.path}: ${problem.text}`);
      else if (era !== undefined && era === needs.era.now())
        needs.tally.unexpected(`${what.path}: ${problem.text}`);
      else needs.tally.whileRestarting();
      await pause(Math.random() * 2 * BREATH_MILLISECONDS);
    }
    client.agent.destroy();
  }

  function resume(): void {
    state = 'running';
    for (const client of clients) client.working = work(client);
  }
  async function halt(next: 'paused' | 'stopped'): Promise<void> {
    state = next;
    await Promise.all(clients.map(async ({ working }) => working));
  }
  resume();
  return { pause: async () => halt('paused'), resume, stop: async () => halt('stopped') };
}

type Problem =
  | { readonly kind: 'wrong'; readonly text: string }
  | { readonly kind: 'refused'; readonly text: string };

interface PlannedWithoutTruth extends Planned {
  play(agent: Agent, url: string, truth: Truth | undefined): Promise<Problem | undefined>;
}

interface Planned {
  readonly kind: string;
  readonly path: string;
  play(agent: Agent, url: string, truth: Truth): Promise<Problem | undefined>;
}

function choose({ modules, database }: LoadSettings): Planned {
  const isHot = Math.random() < HOT_SHARE;
  const place = Math.floor(Math.random() * (isHot ? HOT_MODULES : modules.length));
  const module = modules[place % modules.length];
  if (module === undefined) throw new Error('the soak has no modules');
  const dice = Math.random();
  if (dice < 0.04) return askList(module);
  if (dice < 0.06) return askMissing(place);
  if (dice < 0.1) return askRecord(module, database);
  const kind = dice < 0.35 ? 'info' : dice < 0.6 ? 'mod' : 'zip';
  const file: SoakFile = { module, kind };
  const path = `/${module.path}/@v/${module.version}.${kind}`;
  if (Math.random() < 0.1) return askHead(file, path);
  return kind === 'zip' && Math.random() < 0.25 ? askRange(file, path) : askWhole(file, path);
}

function askWhole(file: SoakFile, path: string): Planned {
  return {
    kind: 'whole',
    path,
    async play(agent, url, truth) {
      const answer = await ask(url + path, agent);
      if (answer.status !== 200) return refused(answer);
      const length = truth.length(file);
      if (answer.length === length && answer.digest === truth.digest(file, 0, length))
        return undefined;
      return { kind: 'wrong', text: `${answer.length} of ${length} bytes, or other ones` };
    },
  };
}

function askHead(file: SoakFile, path: string): Planned {
  return {
    kind: 'head',
    path,
    async play(agent, url, truth) {
      const answer = await ask(url + path, agent, { method: 'HEAD' });
      if (answer.status !== 200) return refused(answer);
      const told = answer.headers['content-length'];
      return told === String(truth.length(file))
        ? undefined
        : { kind: 'wrong', text: `HEAD says ${told ?? 'no length'}` };
    },
  };
}

function askRange(file: SoakFile, path: string): Planned {
  return {
    kind: 'range',
    path,
    async play(agent, url, truth) {
      const length = truth.length(file);
      const start = Math.floor(Math.random() * length);
      const end = Math.min(length, start + 1 + Math.floor(Math.random() * 100_000));
      const headers = { range: `bytes=${start}-${end - 1}` };
      const answer = await ask(url + path, agent, { headers });
      // A server may send everything when a range is asked for (RFC 9110, 14.2).
      const [from, to] = answer.status === 206 ? [start, end] : [0, length];
      if (answer.status !== 206 && answer.status !== 200) return refused(answer);
      return answer.digest === truth.digest(file, from, to)
        ? undefined
        : { kind: 'wrong', text: `bytes ${from}-${to} of ${length}` };
    },
  };
}

function askList(module: ModuleSpecification): Planned {
  const path = `/${module.path}/@v/list`;
  return {
    kind: 'list',
    path,
    async play(agent, url) {
      const answer = await ask(url + path, agent);
      if (answer.status !== 200) return refused(answer);
      return answer.text === `${module.version}\n`
        ? undefined
        : { kind: 'wrong', text: `the list is ${JSON.stringify(answer.text.slice(0, 100))}` };
    },
  };
}

/**
 * Nothing is certain about what was never asked while one upstream is down. What was certainly absent
 * once stays so for a week, so each of a few paths is asked before the weather turns.
 */
export async function askAbsences(url: string): Promise<void> {
  using stack = new DisposableStack();
  const agent = stack.adopt(new Agent({ keepAlive: true }), (one) => one.destroy());
  for (let place = 0; place < MISSING_MODULES; place += 1) {
    const problem = await askMissing(place).play(agent, url, undefined);
    if (problem !== undefined) throw new Error(problem.text);
  }
}

function askMissing(place: number): PlannedWithoutTruth {
  const path = `/soak.test/missing${place % MISSING_MODULES}/@v/v1.0.0.info`;
  return {
    kind: 'missing',
    path,
    async play(agent, url) {
      const answer = await ask(url + path, agent);
      return answer.status === 404 ? undefined : refused(answer);
    },
  };
}

function askRecord(module: ModuleSpecification, database: string): Planned {
  const path = `/sumdb/${database}/lookup/${module.path}@${module.version}`;
  return {
    kind: 'record',
    path,
    async play(agent, url) {
      const answer = await ask(url + path, agent);
      if (answer.status !== 200) return refused(answer);
      return answer.text.includes(`\n${module.path} ${module.version} h1:`)
        ? undefined
        : { kind: 'wrong', text: 'a record of something else' };
    },
  };
}

function refused({ status, text }: Answer): Problem {
  return { kind: 'refused', text: `${status} ${text.slice(0, 300).replaceAll('\n', ' | ')}` };
}
