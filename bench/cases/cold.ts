import { join } from 'node:path';
import { timeCommand, timeDownload, writeMain } from '../support/go-download.ts';
import { COFFERDAM, compare } from '../support/rows.ts';
import { createBenchGraph } from './graph.ts';
import type { Row } from '../support/rows.ts';
import type { Setting } from '../support/setting.ts';

const BASELINE = 'direct';
/** `cofferdam run -- go mod download`, its own start included. */
const RUN = 'cofferdam run';

interface Distance {
  readonly latencyMilliseconds: number;
  /** Of direct, through `serve`. */
  readonly atMost: number;
  /** Of direct, through `run` with go.sum beside it. */
  readonly runAtMost: number | undefined;
}

/** Near, every millisecond of ours counts; far, the round trips that looking ahead spares. */
const DISTANCES: readonly Distance[] = [
  { latencyMilliseconds: 0, atMost: 1.3, runAtMost: undefined },
  { latencyMilliseconds: 50, atMost: 0.25, runAtMost: 0.15 },
];

/**
 * A whole graph with nothing stored against the origin asked directly. Cofferdam verifies each module
 * with the origin's checksum database and writes it durably; `go` alone does neither.
 */
export async function measureCold(setting: Setting): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const distance of DISTANCES) rows.push(...(await measureDistance(setting, distance)));
  return rows;
}

async function measureDistance(setting: Setting, distance: Distance): Promise<readonly Row[]> {
  const { origin, others } = setting;
  const { latencyMilliseconds, runAtMost } = distance;
  const withRun = runAtMost !== undefined;
  const samples = new Map<string, number[]>();
  await origin.setNetwork({ latencyMilliseconds });
  const requests = new Map<string, number>();
  // Far downloads take half a minute each.
  const rounds = setting.quick && latencyMilliseconds > 0 ? 1 : setting.rounds;
  for (let round = 0; round < rounds; round++) {
    // New names in each round: cold also for servers that this benchmark cannot empty.
    const name = `cold-${latencyMilliseconds}-${round}`;
    const graph = createBenchGraph(`${name}.test`);
    const main = join(setting.scratch, 'cold-main');
    await writeMain(graph, main);
    await origin.add(graph.modules);
    const store = join(setting.scratch, `${name}-store`);
    const cofferdam = await setting.startCofferdam(store, ['--sumdb', origin.databaseKey]);
    const measures = [
      { label: BASELINE, take: async () => timeDownload(main, origin.url, setting.scratch) },
      { label: COFFERDAM, take: async () => timeDownload(main, cofferdam.url, setting.scratch) },
      ...(withRun
        ? [{ label: RUN, take: async () => timeRun(setting, main, `${store}-of-run`) }]
        : []),
      ...others.map(({ label, url }) => ({
        label,
        take: async () => timeDownload(main, url, setting.scratch),
      })),
    ];
    try {
      for (const { label, take } of measures) {
        await origin.reset();
        const milliseconds = await take();
        requests.set(label, (await origin.counts()).total.requests);
        samples.set(label, [...(samples.get(label) ?? []), milliseconds]);
        setting.say(
          `cold download at ${latencyMilliseconds} ms: ${label} ${Math.round(milliseconds)} ms`,
        );
      }
    } finally {
      await cofferdam.stop();
    }
  }
  await origin.setNetwork({});
  return rowsOf(distance, samples, requests);
}

async function timeRun(setting: Setting, main: string, store: string): Promise<number> {
  const { cofferdam, origin, scratch } = setting;
  const command = [...cofferdam, 'run', '--store', store, '--', 'go', 'mod', 'download'];
  const variables = { GOPROXY: origin.url, GOSUMDB: origin.databaseKey };
  return timeCommand(command, main, variables, scratch);
}

function rowsOf(
  distance: Distance,
  samples: ReadonlyMap<string, readonly number[]>,
  requests: ReadonlyMap<string, number>,
): readonly Row[] {
  const shared = {
    case: `cold download, 300 modules, ${distance.latencyMilliseconds} ms`,
    unit: 'milliseconds',
    baseline: BASELINE,
  } as const;
  const note = (label: string): string => `${requests.get(label) ?? 0} upstream requests`;
  const withoutRun = new Map([...samples].filter(([label]) => label !== RUN));
  const rows = compare(
    { ...shared, bar: { kind: 'at-most', value: distance.atMost }, note: note(COFFERDAM) },
    withoutRun,
  );
  if (distance.runAtMost === undefined) return rows;
  const ofRun = new Map([
    [BASELINE, samples.get(BASELINE) ?? []],
    [COFFERDAM, samples.get(RUN) ?? []],
  ]);
  const bar = { kind: 'at-most', value: distance.runAtMost } as const;
  const name = `${shared.case}, through run with go.sum`;
  return [...rows, ...compare({ ...shared, case: name, bar, note: note(RUN) }, ofRun)];
}
