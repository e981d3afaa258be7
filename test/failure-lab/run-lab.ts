import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Planted, Scenario } from './scenario.ts';
import { splitOf } from './split.ts';
import { createToolchains } from './toolchains.ts';
import type { Toolchains } from './toolchains.ts';
import { createCertificates } from './world/certificates.ts';
import type { Certificates } from './world/certificates.ts';
import { runGo } from './world/go-root.ts';
import type { RanGo } from './world/go-root.ts';
import { createSeeded } from '../support/seeded.ts';
import { createWorld } from './world/world.ts';

export interface LabSettings {
  readonly seeds: readonly string[];
  readonly jobs: number;
  /** Prints each log. */
  readonly show: boolean;
}

export interface LabOutcome {
  /** By split, then file: the lines of that file. */
  readonly splits: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly notes: readonly string[];
  readonly kept: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Tools {
  readonly scratch: string;
  readonly certificates: Certificates;
  readonly toolchains: Toolchains;
  readonly gocache: string;
  readonly show: boolean;
}

interface Job {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly split: string;
}

type Result = { readonly log: string } | { readonly failed: string } | { readonly skipped: string };

/** Of a flood of equal lines. */
const MOST_EVIDENCE = 40;
/** Above it a hanging command is cut: cmd/go's own longest limit is two minutes. */
const PATIENCE_SECONDS = 300;

export async function runLab(
  scratch: string,
  scenarios: readonly Scenario[],
  settings: LabSettings,
): Promise<LabOutcome> {
  const gocache = join(scratch, 'gocache');
  mkdirSync(gocache);
  const tools = {
    scratch,
    gocache,
    show: settings.show,
    certificates: await createCertificates(scratch),
    toolchains: createToolchains(),
  };
  const jobs = scenarios.flatMap((scenario, index) =>
    settings.seeds.map((seed) => ({ scenario, seed, split: splitOf(scenarios, index, seed) })),
  );
  const results = new Map<Job, Result>();
  const waiting = jobs.filter(({ split }) => split !== 'none');
  await Promise.all(
    Array.from({ length: settings.jobs }, async () => {
      for (;;) {
        const job = waiting.shift();
        if (job === undefined) return;
        results.set(job, await play(tools, job));
      }
    }),
  );
  return summarize(jobs, results);
}

async function play(tools: Tools, { scenario, seed }: Job): Promise<Result> {
  const { id, name } = scenario;
  const full = `${id}/${name}/${seed}`;
  const versions = scenario.go ?? ['1.19.13', '1.22.12', '1.24.9', 'local', '1.27.3'];
  const version = versions[createSeeded(`go ${full}`).whole(versions.length)] ?? 'local';
  const toolchain = tools.toolchains.find(version);
  if (toolchain === undefined) return { skipped: `${full}: go ${version} is not to be had here` };
  const hindrance = scenario.hindrance?.();
  if (hindrance !== undefined) return { skipped: `${full}: ${hindrance}` };
  const world = await createWorld(full, tools);
  try {
    const planted = await scenario.plant(world);
    const ran = await runGo(tools.scratch, {
      goroot: toolchain.root,
      gocache: tools.gocache,
      resolvers: planted.resolvers ?? `nameserver ${world.dns.address}\n`,
      authorities: tools.certificates.trusted,
      folder: world.names.folder,
      home: world.names.home,
      gopath: world.names.gopath,
      files: planted.files ?? {},
      env: planted.env ?? {},
      mounts: planted.mounts,
      prepare: planted.prepare,
      command: planted.command,
      user: planted.user,
      patienceSeconds: planted.patienceSeconds ?? PATIENCE_SECONDS,
    });
    if (tools.show)
      console.log(
        `--- ${full} go ${toolchain.version} exit ${ran.code}\n${ran.log}${ran.prepared === '' ? '' : `[prepared] ${ran.prepared}`}`,
      );
    return judge(full, toolchain.version, scenario, planted, ran);
  } catch (error) {
    return { failed: `${full}: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    await world.close();
  }
}

function judge(full: string, go: string, scenario: Scenario, planted: Planted, ran: RanGo): Result {
  // Each line that fits proves it as well as the last one.
  const found = ran.log.split('\n').flatMap((line) => planted.evidence.exec(line)?.[0] ?? []);
  if (found.length === 0 || (ran.code === 0 && planted.anyExit !== true)) {
    const tail = `${ran.log}${ran.prepared}`.trim().split('\n').slice(-4).join('\n    ');
    return { failed: `${full} (go ${go}, exit ${ran.code}): not as planted\n    ${tail}` };
  }
  const truth = {
    id: scenario.id,
    ...(planted.also === undefined ? {} : { also: planted.also }),
    evidence: [...new Set(found)].slice(0, MOST_EVIDENCE),
    ...(planted.retry === undefined ? {} : { retry: planted.retry }),
    ...(planted.target === undefined ? {} : { target: planted.target }),
    go,
    source: 'lab',
    exit: ran.code,
    command: planted.command,
  };
  return { log: JSON.stringify({ name: full, truth, log: ran.log }) };
}

function summarize(jobs: readonly Job[], results: ReadonlyMap<Job, Result>): LabOutcome {
  const splits = new Map<string, Map<string, string>>();
  const notes: string[] = [];
  let [kept, failed, skipped] = [0, 0, 0];
  for (const job of jobs) {
    const result = results.get(job);
    if (result === undefined) continue;
    if ('failed' in result) {
      failed += 1;
      notes.push(`FAILED ${result.failed}`);
    } else if ('skipped' in result) {
      skipped += 1;
      notes.push(`skipped ${result.skipped}`);
    } else {
      kept += 1;
      const files = splits.get(job.split) ?? new Map<string, string>();
      splits.set(job.split, files);
      const file = `${job.scenario.id}.jsonl`;
      files.set(file, `${files.get(file) ?? ''}${result.log}\n`);
    }
  }
  return { splits, notes, kept, failed, skipped };
}
