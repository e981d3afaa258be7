import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createModuleGraph } from '../../src/drills/index.ts';
import type { Fault, FaultRule } from '../../src/drills/index.ts';
import { download, sumLines } from '../support/go-download.ts';
import { startUpstreams } from './servers.ts';
import { SYSTEM_TITLES } from './table.ts';
import type { FaultVariant } from './rows.ts';
import type { System, SystemName } from './systems.ts';

/** Five downloads of a graph through one upstream of which one request in twenty fails. */
export interface GraphResult {
  readonly fault: string;
  readonly system: SystemName;
  readonly rounds: number;
  readonly completed: number;
  /** Whether this system must complete all of them. */
  readonly bar: boolean;
  readonly pass: boolean;
  readonly seconds: readonly number[];
  /** What the first failure said. */
  readonly text: string;
}

interface GraphFault extends FaultVariant {
  /** Nothing but a go.sum can tell it. */
  readonly wellFormed?: boolean;
}

const SHARE = 0.05;
const MODULES = 300;
/** Small zips keep the measure about requests. */
const MEDIAN_ZIP_BYTES = 4000;
/** A download of this graph takes seconds; retries and pauses may make it tens of them. */
const LIMIT_MILLISECONDS = 120_000;

function share(name: string, fault: Fault, more: Partial<FaultRule> = {}): GraphFault {
  return { name, faults: [{ share: SHARE, fault, ...more }] };
}

const graphFaults: readonly GraphFault[] = [
  share('503', { kind: 'status', status: 503 }),
  share('429', { kind: 'status', status: 429, headers: { 'retry-after': '1' } }),
  share('resets', { kind: 'reset', afterBytes: 40 }),
  share('cut bodies', { kind: 'cut', afterBytes: 40, framing: 'length' }),
  share('wrong bytes (malformed)', { kind: 'replace', body: 'these are not the bytes\n' }),
  {
    ...share('wrong bytes (well-formed)', { kind: 'altered' }, { kinds: ['mod', 'zip'] }),
    wellFormed: true,
  },
  share('HTML', { kind: 'html' }),
  { name: 'down for the first 3 s', downMilliseconds: 3000 },
];

export interface GraphSettings {
  readonly scratch: string;
  readonly rounds: number;
  readonly only: RegExp;
  readonly tell: (line: string) => void;
  /** Called after each result. */
  readonly save: () => void;
}

/** Adds to the results what is not among them yet. */
export async function measureGraph(
  systems: readonly System[],
  results: GraphResult[],
  settings: GraphSettings,
): Promise<void> {
  const chosen = graphFaults.filter(({ name }) => settings.only.test(`graph ${name}`));
  for (const fault of chosen) {
    for (const system of systems) {
      if (results.some((known) => known.fault === fault.name && known.system === system.name))
        continue;
      const result = await measure(system, fault, settings);
      results.push(result);
      settings.save();
      const seconds = result.seconds.map((value) => value.toFixed(1)).join(', ');
      settings.tell(
        `${result.pass ? 'ok  ' : 'MISS'} graph ${system.name.padEnd(7)} ${fault.name}: ` +
          `${result.completed} of ${result.rounds} (${seconds} s)` +
          (result.text === '' ? '' : ` — ${result.text.replaceAll(/\s+/g, ' ').slice(0, 300)}`),
      );
    }
  }
}

async function measure(
  system: System,
  fault: GraphFault,
  settings: GraphSettings,
): Promise<GraphResult> {
  const seconds: number[] = [];
  let completed = 0;
  let text = '';
  for (let round = 0; round < settings.rounds; round += 1) {
    const outcome = await downloadOnce(system, fault, `${fault.name} ${round}`, settings);
    seconds.push(outcome.seconds);
    if (outcome.kind === 'success') completed += 1;
    else if (text === '') text = `${outcome.kind}: ${outcome.text}`;
  }
  // `serve` has no go.sum, and without a database nothing vouches for bytes of the right form.
  const bar = system.name === 'run' || (system.name === 'serve' && fault.wellFormed !== true);
  const { rounds } = settings;
  const pass = !bar || completed === rounds;
  return { fault: fault.name, system: system.name, rounds, completed, bar, pass, seconds, text };
}

async function downloadOnce(
  system: System,
  variant: GraphFault,
  seed: string,
  { scratch }: GraphSettings,
): ReturnType<typeof download> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(scratch, 'graph-'));
  stack.defer(async () => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const graph = createModuleGraph({
    modules: MODULES,
    depth: 6,
    medianZipBytes: MEDIAN_ZIP_BYTES,
    seed: 'faults',
    mainLists: 'all',
  });
  const { 'go.mod': goMod = '', 'go.sum': goSum = '' } = graph.main;
  const untrusted = { key: '', cert: '' };
  const upstreams = await startUpstreams({
    variant,
    shape: 'one',
    modules: graph.modules,
    seed,
    untrusted,
  });
  stack.defer(upstreams.close);
  const home = join(folder, 'system');
  await mkdir(home);
  const started = await system.start({
    folder: home,
    upstream: upstreams.list,
    database: undefined,
  });
  stack.defer(started.stop);
  upstreams.begin();
  return await download({
    folder: join(folder, 'download'),
    files: { 'go.mod': goMod, ...(system.name === 'run' ? { 'go.sum': goSum } : {}) },
    prefix: started.prefix,
    environment: started.environment,
    limitMilliseconds: LIMIT_MILLISECONDS,
    expected: sumLines(goSum),
  });
}

export function renderGraph(results: readonly GraphResult[]): string {
  if (results.length === 0) return '';
  const systems = [...new Set(results.map(({ system }) => system))];
  const faults = [...new Set(results.map(({ fault }) => fault))];
  const head = [
    `one request in twenty of one upstream fails: downloads of ${MODULES} modules that complete`,
    ...systems.map((name) => SYSTEM_TITLES[name]),
  ];
  const lines = faults.map((fault) => {
    const cells = systems.map((name) => {
      const found = results.find((result) => result.fault === fault && result.system === name);
      return found === undefined ? '' : `${found.completed} of ${found.rounds}`;
    });
    return `| ${[fault, ...cells].join(' | ')} |`;
  });
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---|').join('')}`, ...lines].join('\n');
}
