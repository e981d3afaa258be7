import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runWrk, WRK_SECONDS } from '../support/wrk.ts';
import { COFFERDAM, compare, plain } from '../support/rows.ts';
import { proportionalSize } from '../support/memory.ts';
import type { Row } from '../support/rows.ts';
import type { Setting } from '../support/setting.ts';
import type { RunningServer } from '../support/child.ts';

const KINDS = [
  { name: '.info', path: 'workers.test/m10k/@v/v1.0.0.info' },
  { name: 'zip of 10 kB', path: 'workers.test/m10k/@v/v1.0.0.zip' },
  { name: 'zip of 100 kB', path: 'workers.test/m100k/@v/v1.0.0.zip' },
  { name: 'zip of 1 MB', path: 'workers.test/m1m/@v/v1.0.0.zip' },
] as const;
const MODULES = Object.entries({ '10k': 10_000, '100k': 100_000, '1m': 1_000_000 }).map(
  ([name, zipBytes]) => ({ path: `workers.test/m${name}`, version: 'v1.0.0', zipBytes }),
);
const ONE = 'one process';
const MORE_BYTES = 120_000_000;

/** What more processes cost: processor time of hits, and memory. */
export async function measureWorkers(setting: Setting): Promise<readonly Row[]> {
  await using stack = new AsyncDisposableStack();
  await setting.origin.add(MODULES);
  const one = await setting.startCofferdam(join(setting.scratch, 'workers-one-store'));
  stack.defer(one.stop);
  const two = await setting.startCofferdam(join(setting.scratch, 'workers-two-store'), [
    '--workers',
    '2',
  ]);
  stack.defer(two.stop);
  const rows: Row[] = [];
  for (const kind of KINDS) {
    const samples = new Map<string, number[]>([
      [ONE, []],
      [COFFERDAM, []],
    ]);
    for (const server of [one, two]) await runWrk(`${server.url}/${kind.path}`, 1);
    for (let round = 0; round < setting.rounds; round++) {
      samples.get(ONE)?.push(await processorTime(one, kind.path));
      samples.get(COFFERDAM)?.push(await processorTime(two, kind.path));
    }
    rows.push(
      ...compare(
        {
          case: `processor time of 1,000 hits with two workers, ${kind.name}`,
          unit: 'milliseconds',
          baseline: ONE,
          bar: { kind: 'at-most', value: 1.1 },
        },
        samples,
      ),
    );
    setting.say(
      `processor time of hits with two workers, ${kind.name}: ${rows.at(-1)?.ratio ?? 0}`,
    );
  }
  const [first = 0, ...others] = await sizes(two.pid);
  const largest = Math.max(...others, 0);
  const note = `primary ${Math.round(first / 1e6)} MB, ${others.length} workers`;
  const memory = {
    server: COFFERDAM,
    unit: 'bytes',
    value: largest,
    samples: others,
    note,
  } as const;
  return [
    ...rows,
    plain(
      { ...memory, case: 'memory of each further process' },
      { kind: 'at-most', value: MORE_BYTES },
    ),
  ];
}

/** Milliseconds per 1,000 requests, of all processes together. */
async function processorTime(server: RunningServer, path: string): Promise<number> {
  const before = await treeTime(server.pid);
  const rate = await runWrk(`${server.url}/${path}`, WRK_SECONDS);
  const after = await treeTime(server.pid);
  return (after - before) / ((rate * WRK_SECONDS) / 1000);
}

async function tree(pid: number): Promise<readonly number[]> {
  const found = [pid];
  for (const task of await readdir(`/proc/${pid}/task`)) {
    const text = await readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '');
    for (const child of text.split(' '))
      if (child !== '') found.push(...(await tree(Number(child))));
  }
  return found;
}

async function treeTime(pid: number): Promise<number> {
  let total = 0;
  for (const one of await tree(pid)) {
    const text = await readFile(`/proc/${one}/stat`, 'utf8');
    // Behind the name, which may hold spaces: user and system time in ticks of 10 ms (proc(5)).
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    total += (Number(fields[11]) + Number(fields[12])) * 10;
  }
  return total;
}

async function sizes(pid: number): Promise<readonly number[]> {
  const pids = await tree(pid);
  return Promise.all(pids.map(async (one) => proportionalSize(one)));
}
