// `npm run test:faults`: the same faults for plain go, for others, and for Cofferdam; see --help.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createAuthority } from '../support/certificates.ts';
import { readResults, writeResults } from './earlier.ts';
import type { Results } from './earlier.ts';
import { measureGraph, renderGraph } from './graph.ts';
import { listCases, playCase } from './play.ts';
import { replaceSection } from './readme.ts';
import { faultRows } from './rows.ts';
import { findSystems } from './systems.ts';
import { renderTable } from './table.ts';
import type { GraphResult } from './graph.ts';
import type { CaseResult, PlaySettings } from './play.ts';
import type { System } from './systems.ts';

const HELP = `Play faults of upstreams to plain go and to Cofferdam, and judge what comes of them.

Usage: npm run test:faults -- [FLAGS]

Examples:
  npm run test:faults
  npm run test:faults -- --only '^(silent|html)$' --systems serve --no-graph
  npm run test:faults -- --json faults.json --continue --write
  COFFERDAM_ATHENS=/opt/athens COFFERDAM_GOPROXY=/opt/goproxy npm run test:faults -- --write

Flags:
  --only REGEXP     only the rows whose id matches
  --systems NAMES   of go, athens, goproxy, serve, run; comma-separated (default: all there are)
  --graph-only      only the five downloads of a graph with a share of failing requests
  --no-graph        only the table
  --rounds N        downloads of the graph for each fault (default 5)
  --at-once N       cases side by side (default 4)
  --json FILE       write the results as JSON, as they come
  --continue        keep what reached its bar in that file; play the rest
  --write           put the table into README.md
  -h, --help        show this

Athens and goproxy take part when COFFERDAM_ATHENS and COFFERDAM_GOPROXY name their programs.

Exit code: 0 every bar is reached, 1 one is missed, 2 wrong usage.
`;

/** Longer than connections need to close. */
const LINGER_MILLISECONDS = 2000;

const README = new URL('../../README.md', import.meta.url);

interface Options {
  readonly only: RegExp;
  readonly systems: readonly System[];
  readonly table: boolean;
  readonly graph: boolean;
  readonly rounds: number;
  readonly atOnce: number;
  readonly json: string | undefined;
  readonly goesOn: boolean;
  readonly write: boolean;
}

const options = readOptions();
if (options === undefined) process.exitCode ??= 2;
else process.exitCode = await playAll(options);
endSoon();

function readOptions(): Options | undefined {
  const values = readFlags();
  if (values === undefined) return undefined;
  if (values.help) {
    process.stdout.write(HELP);
    process.exitCode = 0;
    return undefined;
  }
  const systems = findSystems(process.env);
  const asked = values.systems?.split(',');
  return {
    only: new RegExp(values.only),
    systems: systems.filter(({ name }) => asked === undefined || asked.includes(name)),
    table: !values['graph-only'],
    graph: !values['no-graph'],
    rounds: Number(values.rounds),
    atOnce: Number(values['at-once']),
    json: values.json,
    goesOn: values.continue,
    write: values.write,
  };
}

function readFlags() {
  try {
    return parseArgs({
      options: {
        only: { type: 'string', default: '' },
        systems: { type: 'string' },
        'graph-only': { type: 'boolean', default: false },
        'no-graph': { type: 'boolean', default: false },
        rounds: { type: 'string', default: '5' },
        'at-once': { type: 'string', default: '4' },
        json: { type: 'string' },
        continue: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)} See --help.\n`);
    return undefined;
  }
}

/** Everything is closed by now; what is left all the same is named, and does not keep whoever waits. */
function endSoon(): void {
  setTimeout(() => {
    tell(`left open: ${process.getActiveResourcesInfo().join(', ')}`);
    process.exit();
  }, LINGER_MILLISECONDS).unref();
}

async function playAll(chosen: Options): Promise<number> {
  const begun = performance.now();
  const scratch = await mkdtemp(join(tmpdir(), 'cofferdam-faults-'));
  try {
    const authority = await createAuthority(scratch, 'Nobody Trusts This');
    const untrusted = await authority.issue(['IP:127.0.0.1']);
    const settings = { scratch, untrusted };
    const { json } = chosen;
    const results: Results =
      json !== undefined && chosen.goesOn ? await readResults(json) : { cells: [], graph: [] };
    const { cells, graph } = results;
    if (cells.length + graph.length > 0)
      tell(`kept: ${cells.length} cases, ${graph.length} rows of the graph`);
    let saved = Promise.resolve();
    const save = (): void => {
      if (json !== undefined) saved = saved.then(async () => writeResults(json, results));
    };
    if (chosen.table) await playTable(chosen, settings, cells, save);
    if (chosen.graph) {
      await measureGraph(chosen.systems, graph, {
        scratch,
        rounds: chosen.rounds,
        only: chosen.only,
        tell,
        save,
      });
    }
    await saved;
    await report(chosen, cells, graph);
    const passed = [...cells, ...graph].filter(({ pass }) => pass).length;
    const failed = cells.length + graph.length - passed;
    tell(`took ${Math.round((performance.now() - begun) / 1000)} s`);
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
    return failed === 0 && passed > 0 ? 0 : 1;
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function playTable(
  { only, systems, atOnce }: Options,
  settings: PlaySettings,
  results: CaseResult[],
  save: () => void,
): Promise<void> {
  const rows = faultRows.filter(({ id }) => only.test(id));
  const known = new Set(results.map(nameOf));
  const cases = [...listCases(rows, systems)].filter(
    ({ row, variant, shape, system }) =>
      !known.has(nameOf({ row: row.id, variant: variant.name, shape, system: system.name })),
  );
  const total = results.length + cases.length;
  async function work(): Promise<void> {
    for (let next = cases.shift(); next !== undefined; next = cases.shift()) {
      const result = await playCase(next, settings);
      results.push(result);
      save();
      const { row, variant, shape, system, outcome, pass, reason } = result;
      const mark = pass ? 'ok  ' : 'MISS';
      const first = result.firstByteSeconds?.toFixed(1);
      tell(
        `${mark} ${results.length}/${total} ${system.padEnd(7)} ${shape.padEnd(12)} ${row} (${variant}): ` +
          `${outcome.kind} ${outcome.seconds.toFixed(1)} s${first === undefined ? '' : `, first byte ${first} s`}` +
          (pass ? '' : ` — ${reason}: ${lastLine(outcome.text)}`),
      );
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work));
}

function nameOf(one: Pick<CaseResult, 'row' | 'variant' | 'shape' | 'system'>): string {
  return [one.row, one.variant, one.shape, one.system].join(' | ');
}

function lastLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').slice(0, 300);
}

async function report(
  { systems, write }: Options,
  cells: readonly CaseResult[],
  graph: readonly GraphResult[],
): Promise<void> {
  const names = systems.map(({ name }) => name);
  const table = cells.length === 0 ? '' : renderTable(faultRows, names, cells);
  const measured = renderGraph(graph);
  const text = [table, measured].filter((part) => part !== '').join('\n\n');
  process.stdout.write(`${text}\n`);
  if (write) await writeFile(README, replaceSection(await readFile(README, 'utf8'), text));
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
