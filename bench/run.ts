// Prints what we promise about speed and memory, side by side with what it is compared to.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { existsSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureCold } from './cases/cold.ts';
import { measureHits } from './cases/hits.ts';
import { measureLatency } from './cases/latency.ts';
import { measureMemory } from './cases/memory.ts';
import { measureMisses } from './cases/misses.ts';
import { measureStartup } from './cases/startup.ts';
import { measureTls } from './cases/tls.ts';
import { measureWarm } from './cases/warm.ts';
import { measureWorkers } from './cases/workers.ts';
import { startServer } from './support/child.ts';
import { describeMachine } from './support/machine.ts';
import { measureCases } from './support/measure-cases.ts';
import type { Outcome } from './support/measure-cases.ts';
import { startOrigin } from './support/origin-process.ts';
import { renderMarkdown, renderText } from './support/table.ts';
import type { Row } from './support/rows.ts';
import type { Other, Setting } from './support/setting.ts';

const CASES = {
  hits: { measure: measureHits, tools: ['nginx', 'wrk'] },
  warm: { measure: measureWarm, tools: ['go'] },
  cold: { measure: measureCold, tools: ['go'] },
  latency: { measure: measureLatency, tools: ['wrk'] },
  startup: { measure: measureStartup, tools: [] },
  workers: { measure: measureWorkers, tools: ['wrk'] },
  tls: { measure: measureTls, tools: ['wrk', 'h2load', 'openssl'] },
  misses: { measure: measureMisses, tools: [] },
  memory: { measure: measureMemory, tools: [] },
} satisfies Record<
  string,
  { measure: (setting: Setting) => Promise<readonly Row[]>; tools: string[] }
>;

type CaseName = keyof typeof CASES;

const HELP = `Usage: npm run bench -- [flags]

  npm run bench                               everything, medians of five (about fifteen minutes)
  npm run bench -- --quick --only hits        a first look
  npm run bench -- --port 4000 --against athens=http://127.0.0.1:3000#PID

  --only CASES         ${Object.keys(CASES).join(', ')}; comma-separated or repeated
  --against LABEL=URL  another running server whose upstream is the origin (see --port); with #PID
                       its memory is measured too; repeatable
  --port N             port of the synthetic origin, so that other servers can name it; default any
  --cofferdam COMMAND  the program to measure; default bin/cofferdam
  --quick              three short rounds and smaller files: no figures to publish
  --json FILE          the rows as JSON too
  --write              bench/RESULTS.md too
  -h, --help           this text

A case that fails is told at the end, and the others are measured all the same.
Exit code 1: a bar was not reached or a case failed. 2: wrong usage or a tool is missing.
`;

const root = dirname(import.meta.dirname);

class UsageError extends Error {}

interface Options {
  readonly cases: readonly CaseName[];
  readonly others: readonly Other[];
  readonly port: number;
  readonly cofferdam: readonly string[];
  readonly quick: boolean;
  readonly json: string | undefined;
  readonly write: boolean;
  readonly help: boolean;
}

// What a failed case left open, such as a request without an answer, must not hold up the end.
process.exit(await main());

async function main(): Promise<number> {
  try {
    const options = readOptions();
    if (options.help) {
      process.stdout.write(HELP);
      return 0;
    }
    checkTools(options.cases);
    return await measureAll(options);
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

function readOptions(): Options {
  const { values } = parse();
  const names = (values.only ?? [])
    .flatMap((text) => text.split(','))
    .filter((name) => name !== '');
  for (const name of names) {
    if (!isCase(name))
      throw new UsageError(`there is no case "${name}"; cases: ${Object.keys(CASES).join(', ')}`);
  }
  const all: readonly string[] = Object.keys(CASES);
  return {
    cases: all.filter(isCase).filter((name) => names.length === 0 || names.includes(name)),
    others: (values.against ?? []).map(readOther),
    port: Number(values.port ?? '0'),
    cofferdam: (values.cofferdam ?? join(root, 'bin', 'cofferdam')).split(' '),
    quick: values.quick === true,
    json: values.json,
    write: values.write === true,
    help: values.help === true,
  };
}

function parse() {
  try {
    return parseArgs({
      options: {
        only: { type: 'string', multiple: true },
        against: { type: 'string', multiple: true },
        port: { type: 'string' },
        cofferdam: { type: 'string' },
        quick: { type: 'boolean' },
        json: { type: 'string' },
        write: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function isCase(name: string): name is CaseName {
  return Object.hasOwn(CASES, name);
}

function readOther(text: string): Other {
  const [, label, url, pid] = /^([^=]+)=(https?:\/\/[^#]+?)\/?(?:#(\d+))?$/.exec(text) ?? [];
  if (label === undefined || url === undefined) {
    throw new UsageError(`--against takes LABEL=URL or LABEL=URL#PID, not "${text}"`);
  }
  return { label, url, pid: pid === undefined ? undefined : Number(pid) };
}

function checkTools(cases: readonly CaseName[]): void {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const needed = new Set(cases.flatMap((name) => CASES[name].tools));
  const missing = [...needed].filter(
    (tool) => !folders.some((folder) => existsSync(join(folder, tool))),
  );
  if (missing.length === 0) return;
  throw new UsageError(
    `not on PATH: ${missing.join(', ')}; nginx, wrk and h2load come with \`sh scripts/install-bench-tools.sh\``,
  );
}

async function measureAll(options: Options): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const scratch = await mkdtemp(join(tmpdir(), 'cofferdam-bench-'));
  stack.defer(async () => rm(scratch, { recursive: true, force: true }));
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => {
      // The children end with us (stopAtExit); gigabytes in the temporary folder would stay.
      rmSync(scratch, { recursive: true, force: true });
      process.exit(code);
    });
  }
  const origin = await startOrigin(root, options.port);
  stack.defer(origin.stop);
  const setting: Setting = {
    root,
    scratch,
    origin,
    others: options.others,
    cofferdam: options.cofferdam,
    quick: options.quick,
    rounds: options.quick ? 3 : 5,
    startCofferdam: async (store, extra = []) =>
      startServer(
        options.cofferdam.concat(
          ['serve', '--listen', '127.0.0.1:0', '--store', store],
          ['--upstream', origin.url],
          extra.includes('--sumdb') ? [] : ['--sumdb', 'off'],
          extra,
        ),
        scratch,
      ),
    say: (text) => void process.stderr.write(`${text}\n`),
  };
  setting.say(`the origin is at ${origin.url}`);
  const [load = 0] = loadavg();
  if (load > 1)
    setting.say(
      `warning: the machine is busy (load ${load.toFixed(1)}); wait for figures that count`,
    );
  const outcome = await measureCases(
    options.cases.map((name) => ({ name, measure: CASES[name].measure })),
    setting,
  );
  await report(options, outcome);
  return outcome.failed.length > 0 || outcome.rows.some(({ pass }) => pass === false) ? 1 : 0;
}

async function report(options: Options, { rows, failed }: Outcome): Promise<void> {
  const date = new Date().toISOString().slice(0, 10);
  const machine = await describeMachine();
  process.stdout.write(`${renderText(rows)}\n`);
  for (const { case: name, reason } of failed) {
    process.stdout.write(`the case ${name} FAILED: ${reason}\n`);
  }
  if (options.json !== undefined) {
    const document = { version: 1, date, machine, quick: options.quick, rows, failed };
    await writeFile(options.json, `${JSON.stringify(document, undefined, 2)}\n`);
  }
  if (options.write)
    await writeFile(
      join(root, 'bench', 'RESULTS.md'),
      renderResults(options, { rows, failed }, date, machine),
    );
}

function renderResults(
  options: Options,
  { rows, failed }: Outcome,
  date: string,
  machine: readonly string[],
): string {
  const rounds = options.quick
    ? 'a quick run: three short rounds, smaller files'
    : 'medians of five rounds';
  return `# Benchmark

Measured on ${date} by \`npm run bench\`, ${rounds}; a ratio is the median of the rounds' own ratios, servers taking turns in each round.

${machine.map((line) => `- ${line}`).join('\n')}
- one Cofferdam process; one nginx worker with bench/nginx.conf; wrk with 32 connections; all on loopback, clients and origin on the same cores

${renderMarkdown(rows)}
${failed.map(({ case: name, reason }) => `\nThe case ${name} failed: ${reason.split('\n')[0] ?? ''}\n`).join('')}`;
}
