// `npm run test:doctor`: the planted causes of test/doctor/causes.ts in one process; then every fault of the
// laboratory that can be seen while it lasts, in a network and a root of its own, where `cofferdam doctor --deep`
// must name it first; and a sound machine, where it must say nothing, within two seconds. Wants root, as the
// laboratory does (usage: --only NAME,NAME --jobs N --seed TEXT).
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createToolchains } from '../failure-lab/toolchains.ts';
import type { Toolchain } from '../failure-lab/toolchains.ts';
import { createCertificates } from '../failure-lab/world/certificates.ts';
import { reasonNotToRun, runInside } from '../failure-lab/world/namespace.ts';
import { createWorld } from '../failure-lab/world/world.ts';
import type { World, WorldTools } from '../failure-lab/world/world.ts';
import { liveCauses, unseen } from './live-causes.ts';
import type { LiveCause } from './live-causes.ts';
import { playCauses } from './play-causes.ts';
import { plantSound } from './sound-machine.ts';
import { visitMachine } from './visit-machine.ts';
import type { Machine, Visited } from './visit-machine.ts';

/** Of issue 5, Done when 3. */
const LIVE_CAUSES = 60;
const DEFAULT_MILLISECONDS = 2000;
/** One start may meet something else that the machine does. */
const SOUND_VISITS = 5;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    jobs: { type: 'string', default: '2' },
    seed: { type: 'string', default: 'doctor' },
  },
});

const SOUND = 'a sound machine';

type Outcome = 'passed' | 'failed' | 'skipped';

function tell(outcome: Outcome, name: string, text: string): Outcome {
  console.log(`${outcome.padEnd(7)} ${name}: ${text}`);
  return outcome;
}

async function inWorld<T>(
  tools: WorldTools,
  name: string,
  use: (world: World) => Promise<T>,
): Promise<T> {
  const world = await createWorld(`${name}/${values.seed}`, tools);
  try {
    return await use(world);
  } finally {
    await world.close();
  }
}

/** One that has the cause: `go` before toolchain switching fails in other ways than after it. */
function toolchainFor({ scenario }: LiveCause, { toolchains }: WorldTools): Toolchain | undefined {
  return (scenario.go ?? ['local'])
    .toSorted((one, other) => Number(other === 'local') - Number(one === 'local'))
    .map((version) => toolchains.find(version))
    .find((found) => found !== undefined);
}

async function playCause(
  tools: WorldTools,
  machine: Omit<Machine, 'goroot'>,
  cause: LiveCause,
): Promise<Outcome> {
  const { name, scenario } = cause;
  const toolchain = toolchainFor(cause, tools);
  const hindrance = scenario.hindrance?.();
  if (hindrance !== undefined) return tell('skipped', name, hindrance);
  if (toolchain === undefined) return tell('skipped', name, 'no go that has this fault is here');
  return inWorld(tools, name, async (world) => {
    const planted = await scenario.plant(world);
    if (cause.wantsMirror) await world.mirror([]);
    const site = { ...machine, goroot: toolchain.root };
    const visited = await visitMachine(site, world, cause.plant(planted), '--deep');
    const [first, ...more] = visited.report?.findings ?? [];
    if (visited.report !== undefined && Number.isNaN(visited.milliseconds)) {
      return tell('failed', name, 'the report came, and the program did not end');
    }
    if (first !== undefined && cause.names(planted).includes(first.code)) {
      const isOwn = first.code === scenario.id ? '' : `, as ${first.code}`;
      return tell('passed', name, `named first${isOwn}, ${visited.milliseconds} ms`);
    }
    const said = [first, ...more.slice(0, 3)].map((one) => one?.code ?? 'nothing').join(', ');
    return tell('failed', name, visited.report === undefined ? brief(visited) : said);
  });
}

function brief({ output, code }: Visited): string {
  return `no report, exit ${code}: ${output.slice(-400)}`;
}

async function playSound(tools: WorldTools, machine: Machine): Promise<readonly Outcome[]> {
  return inWorld(tools, SOUND, async (world) => {
    const planted = await plantSound(world);
    const visits: Visited[] = [];
    for (let turn = 0; turn < SOUND_VISITS; turn++) {
      visits.push(await visitMachine(machine, world, planted, ''));
    }
    const deep = await visitMachine(machine, world, planted, '--deep');
    const alarms = [...visits, deep].flatMap((visited) =>
      visited.report === undefined
        ? [brief(visited)]
        : [
            ...visited.report.findings.filter(({ severity }) => severity !== 'info'),
            ...visited.report.probes.filter(({ state }) => state !== 'done'),
          ].map((one) => JSON.stringify(one)),
    );
    const codes = new Set([...visits, deep].map(({ code }) => code));
    const isQuiet = alarms.length === 0 && codes.size === 1 && codes.has(0);
    const times = visits
      .map(({ milliseconds }) => milliseconds)
      .toSorted((one, other) => one - other);
    const middle = times[times.length >> 1] ?? Number.NaN;
    return [
      tell(isQuiet ? 'passed' : 'failed', SOUND, alarms[0] ?? 'no error, no warning'),
      tell(
        middle <= DEFAULT_MILLISECONDS ? 'passed' : 'failed',
        'a default run within two seconds',
        `${middle} ms in the middle of ${times.join(', ')}, from start to end of the process`,
      ),
    ];
  });
}

async function playAll(tools: WorldTools, machine: Machine): Promise<number> {
  const wanted = values.only.split(',');
  const chosen = liveCauses.filter(({ name }) => wanted.some((part) => name.includes(part)));
  // Before the others, because its time counts.
  const isWanted = wanted.some((part) => SOUND.includes(part));
  const outcomes = [...(isWanted ? await playSound(tools, machine) : [])];
  const live: Outcome[] = [];
  const waiting = [...chosen];
  await Promise.all(
    Array.from({ length: Number(values.jobs) }, async () => {
      for (let cause = waiting.shift(); cause !== undefined; cause = waiting.shift()) {
        live.push(await playCause(tools, machine, cause));
      }
    }),
  );
  const named = live.filter((outcome) => outcome === 'passed').length;
  const skipped = live.filter((outcome) => outcome === 'skipped').length;
  console.log(
    `${named} of ${live.length} live causes named first, ${skipped} skipped; ${Object.keys(unseen).length} ids of the laboratory are not to be seen by a probe`,
  );
  if (values.only === '') {
    const isEnough = named >= LIVE_CAUSES;
    outcomes.push(tell(isEnough ? 'passed' : 'failed', 'at least sixty', String(named)));
  }
  const all = [...outcomes, ...live];
  const [before = 0, failedBefore = 0] = (process.env[BEFORE] ?? '').split(' ').map(Number);
  const failed = failedBefore + all.filter((outcome) => outcome === 'failed').length;
  const passed = before + all.filter((outcome) => outcome === 'passed').length;
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

/** What the process outside the laboratory counted, for the one inside it. */
const BEFORE = 'COFFERDAM_DOCTOR_BEFORE';

async function runBoth(): Promise<number> {
  if (values.only === '') {
    const { passed, failed } = await playCauses();
    console.log(`causes in one process: ${passed} as they should be, ${failed} not`);
    process.env[BEFORE] = `${passed} ${failed}`;
  }
  return runInside(import.meta.filename, process.argv.slice(2));
}

async function main(): Promise<number> {
  if (process.env['COFFERDAM_LAB_INSIDE'] === undefined) {
    const reason = reasonNotToRun();
    if (reason === undefined) return runBoth();
    console.log(`the laboratory cannot run: ${reason}\n0 passed, 1 failed`);
    return 1;
  }
  const repository = dirname(dirname(import.meta.dirname));
  if (!existsSync(join(repository, 'node_modules'))) throw new Error('nothing is installed');
  const scratch = mkdtempSync(join(tmpdir(), 'cofferdam-doctor-'));
  try {
    const folder = join(scratch, 'certificates');
    mkdirSync(folder);
    const certificates = await createCertificates(folder);
    const toolchains = createToolchains();
    const goroot = toolchains.find('local')?.root ?? '';
    const machine = { scratch, certificates, repository, goroot };
    return await playAll({ certificates, scratch, toolchains }, machine);
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

process.exitCode = await main();
