import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Planted, Scenario } from '../scenario.ts';
import { createToolchains } from '../toolchains.ts';
import type { Toolchains } from '../toolchains.ts';
import { createCertificates } from '../world/certificates.ts';
import type { Certificates } from '../world/certificates.ts';
import { runGo } from '../world/go-root.ts';
import type { RanGo } from '../world/go-root.ts';
import { createWorld } from '../world/world.ts';
import type { World } from '../world/world.ts';
import { createSeeded } from '../../support/seeded.ts';
import type { Fix } from './fix.ts';
import { fixes } from './index.ts';

/** Above it a hanging command is cut: cmd/go's own longest limit is two minutes. */
const PATIENCE_SECONDS = 300;

interface Tools {
  readonly scratch: string;
  readonly gocache: string;
  readonly certificates: Certificates;
  readonly toolchains: Toolchains;
}

export interface FixOutcome {
  readonly id: string;
  readonly result: 'fixed' | 'failed' | 'skipped';
  readonly note: string;
}

/** For each fix: the fault is planted and the command fails; it is mended, and the same command succeeds. */
export async function runFixes(
  scratch: string,
  scenarios: readonly Scenario[],
  settings: { readonly seed: string; readonly jobs: number },
  onEnd: (outcome: FixOutcome) => void,
): Promise<readonly FixOutcome[]> {
  const gocache = join(scratch, 'gocache');
  mkdirSync(gocache);
  const tools = {
    scratch,
    gocache,
    certificates: await createCertificates(scratch),
    toolchains: createToolchains(),
  };
  const waiting = scenarios.filter(({ id, name }) => fixes[id]?.name === name);
  const outcomes: FixOutcome[] = [];
  await Promise.all(
    Array.from({ length: settings.jobs }, async () => {
      for (let scenario = waiting.shift(); scenario !== undefined; scenario = waiting.shift()) {
        const outcome = await playFix(tools, scenario, settings.seed);
        onEnd(outcome);
        outcomes.push(outcome);
      }
    }),
  );
  return outcomes;
}

async function playFix(tools: Tools, scenario: Scenario, seed: string): Promise<FixOutcome> {
  const { id, name } = scenario;
  const fix = fixes[id];
  const full = `${id}/${name}/${seed}`;
  const versions = scenario.go ?? ['1.19.13', '1.22.12', '1.24.9', 'local', '1.27.3'];
  const wanted = versions[createSeeded(`go ${full}`).whole(versions.length)] ?? 'local';
  const hindrance = scenario.hindrance?.();
  const version =
    tools.toolchains.find(wanted) === undefined
      ? versions.find((one) => tools.toolchains.find(one) !== undefined)
      : wanted;
  if (fix === undefined || version === undefined || hindrance !== undefined) {
    return { id, result: 'skipped', note: hindrance ?? `go ${wanted} is not to be had here` };
  }
  const world = await createWorld(full, tools);
  try {
    const planted = await scenario.plant(world);
    const before = await build(tools, world, planted, version);
    if (before.code === 0 || !planted.evidence.test(before.log)) {
      return { id, result: 'failed', note: `${full}: it did not fail as planted\n${tail(before)}` };
    }
    return await mend(tools, world, planted, fix, version);
  } catch (error) {
    return { id, result: 'failed', note: `${full}: ${String(error)}` };
  } finally {
    await world.close();
  }
}

async function mend(
  tools: Tools,
  world: World,
  planted: Planted,
  fix: Fix,
  version: string,
): Promise<FixOutcome> {
  const { typed, go, ...change } = await fix.apply(world, planted);
  const mended = { ...planted, ...change };
  // A command that ends with a code of its own, whatever go said, is that of go alone.
  const command = mended.command.replace(/ -x 2>&1 \| grep .* exit 1$/, '');
  const after = await build(
    tools,
    world,
    { ...mended, command: typed === undefined ? command : `${typed} || exit 9\n${command}` },
    go ?? version,
  );
  const isFixed = after.code === 0 && !planted.evidence.test(after.log);
  return isFixed
    ? { id: idOf(fix), result: 'fixed', note: fix.how }
    : {
        id: idOf(fix),
        result: 'failed',
        note: `go ${version}, ${command}, exit ${after.code}\n${tail(after)}`,
      };
}

function idOf(fix: Fix): string {
  return Object.entries(fixes).find(([, one]) => one === fix)?.[0] ?? '';
}

function tail({ log, prepared }: RanGo): string {
  return `${log}${prepared}`
    .trim()
    .split('\n')
    .slice(-4)
    .map((line) => `    ${line}`)
    .join('\n');
}

async function build(
  tools: Tools,
  world: World,
  planted: Planted,
  version: string,
): Promise<RanGo> {
  const { names, dns } = world;
  return runGo(tools.scratch, {
    goroot: tools.toolchains.find(version)?.root ?? '',
    gocache: tools.gocache,
    resolvers: planted.resolvers ?? `nameserver ${dns.address}\n`,
    authorities: tools.certificates.trusted,
    folder: names.folder,
    home: names.home,
    gopath: names.gopath,
    files: planted.files ?? {},
    env: planted.env ?? {},
    mounts: planted.mounts,
    prepare: planted.prepare,
    command: planted.command,
    user: planted.user,
    patienceSeconds: planted.patienceSeconds ?? PATIENCE_SECONDS,
  });
}
