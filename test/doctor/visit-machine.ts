import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Certificates } from '../failure-lab/world/certificates.ts';
import { runGo } from '../failure-lab/world/go-root.ts';
import type { World } from '../failure-lab/world/world.ts';
import type { LivePlanted } from './live-causes.ts';

/** What a visit says, as `--json` writes it. */
export interface Told {
  readonly milliseconds: number;
  readonly findings: readonly {
    readonly code: string;
    readonly severity: string;
    readonly title: string;
  }[];
  readonly probes: readonly { readonly name: string; readonly state: string }[];
}

export interface Visited {
  /** Undefined where there was no report; then the output says why. */
  readonly report: Told | undefined;
  readonly output: string;
  readonly code: number;
  /** Of the whole process, from its start to its end. */
  readonly milliseconds: number;
}

export interface Machine {
  readonly scratch: string;
  readonly goroot: string;
  readonly certificates: Certificates;
  /** Where the program stands outside. */
  readonly repository: string;
}

const PROGRAM = '/opt/cofferdam';
/** A visit that looks deep at a network where nothing answers takes half of it. */
const PATIENCE_SECONDS = 90;

/**
 * The doctor as a process of its own, in a root file system of its own with what was planted, in place of the
 * command that fails there.
 */
export async function visitMachine(
  machine: Machine,
  world: World,
  planted: LivePlanted,
  words: string,
): Promise<Visited> {
  const gocache = join(machine.scratch, 'gocache');
  mkdirSync(gocache, { recursive: true });
  const mounts = `mkdir -p "$ROOT"${PROGRAM} && mount --bind ${machine.repository} "$ROOT"${PROGRAM} && mount -o remount,bind,ro "$ROOT"${PROGRAM}`;
  const { log, code, prepared } = await runGo(machine.scratch, {
    goroot: machine.goroot,
    gocache,
    resolvers: planted.resolvers ?? `nameserver ${world.dns.address}\n`,
    authorities: machine.certificates.trusted,
    folder: world.names.folder,
    home: world.names.home,
    gopath: world.names.gopath,
    files: planted.files ?? {},
    env: planted.env ?? {},
    mounts: planted.mounts === undefined ? mounts : `${mounts}\n${planted.mounts}`,
    prepare: planted.prepare,
    command: `${planted.before ?? ''}begin=$(date +%s%N); ${PROGRAM}/bin/cofferdam doctor --json ${words}; code=$?; echo "took $((($(date +%s%N) - begin) / 1000000)) ms"; exit $code`,
    user: planted.user,
    patienceSeconds: PATIENCE_SECONDS,
  });
  const took = /took (\d+) ms\n$/u.exec(log);
  return {
    report: readReport(log.slice(0, took?.index)),
    output: `${log}${prepared}`,
    code,
    milliseconds: Number(took?.[1] ?? Number.NaN),
  };
}

function readReport(text: string): Told | undefined {
  const begin = text.indexOf('{"version"');
  if (begin < 0) return undefined;
  try {
    return JSON.parse(text.slice(begin)) as Told;
  } catch {
    return undefined;
  }
}
