import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { createModuleMaker } from '../../src/drills/index.ts';
import type { ModuleSpecification } from '../../src/drills/index.ts';
import type { KeyPair } from '../support/certificates.ts';
import { download, sumLines } from '../support/go-download.ts';
import { expectationOf, judge } from './judge.ts';
import { startUpstreams } from './servers.ts';
import type { Outcome } from '../support/go-download.ts';
import type { Expectation, ListShape } from './judge.ts';
import type { FaultRow, FaultVariant } from './rows.ts';
import type { System, SystemName } from './systems.ts';

/** One cell of the table, or one of several behind it. */
export interface Case {
  readonly row: FaultRow;
  readonly variant: FaultVariant;
  readonly shape: ListShape;
  readonly system: System;
}

export interface CaseResult {
  readonly row: string;
  readonly variant: string;
  readonly shape: ListShape;
  readonly system: SystemName;
  readonly outcome: Outcome;
  /** Undefined for systems that have no bar here. */
  readonly expectation: Expectation | undefined;
  readonly pass: boolean;
  readonly reason: string;
  /** Of a body asked for by itself, where the first upstream is silent and another one is not. */
  readonly firstByteSeconds: number | undefined;
}

/** One module is three requests, in which every fault of the table shows. */
const MODULE: ModuleSpecification = {
  path: 'row.test/Module',
  version: 'v1.2.3',
  zipBytes: 60_000,
};
/** Asked for by itself, so that nothing that the download taught helps it. */
const PROBED: ModuleSpecification = {
  path: 'row.test/probed',
  version: 'v1.0.0',
  zipBytes: 60_000,
};

/** Plain go and the others may hang for ever; half a minute says so clearly enough. */
const OTHERS_LIMIT_MILLISECONDS = 20_000;
/** Beyond the longest time that any row allows. */
const COFFERDAM_LIMIT_MILLISECONDS = 90_000;
/** Done when 1: from elsewhere while the first upstream says nothing, by default settings. */
const FIRST_BYTE_SECONDS = 3;

export interface PlaySettings {
  readonly scratch: string;
  readonly untrusted: KeyPair;
}

/** A system that does not even start fails the case, not the whole table. */
export async function playCase(one: Case, settings: PlaySettings): Promise<CaseResult> {
  try {
    return await playStarted(one, settings);
  } catch (error) {
    const { row, variant, shape, system } = one;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return {
      row: row.id,
      variant: variant.name,
      shape,
      system: system.name,
      outcome: { kind: 'fails', seconds: 0, text },
      expectation: undefined,
      firstByteSeconds: undefined,
      pass: false,
      reason: 'the case could not be played',
    };
  }
}

async function playStarted(one: Case, settings: PlaySettings): Promise<CaseResult> {
  const { row, variant, shape, system } = one;
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(settings.scratch, 'case-'));
  stack.defer(async () => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const upstreams = await startUpstreams({
    variant,
    shape,
    modules: [MODULE, PROBED],
    seed: row.id,
    untrusted: settings.untrusted,
  });
  stack.defer(upstreams.close);
  const home = join(folder, 'system');
  await mkdir(home);
  const database = shape === 'comma-record' ? upstreams.database : undefined;
  const started = await system.start({ folder: home, upstream: upstreams.list, database });
  stack.defer(started.stop);
  const isOurs = system.name === 'serve' || system.name === 'run';
  const expectation = isOurs ? expectationOf(row, shape, system.name) : undefined;
  upstreams.begin();
  const mustProbe = row.id === 'silent' && expectation?.kind === 'success';
  const firstByteSeconds =
    mustProbe && started.server !== undefined
      ? await firstByte(`${started.server.url}/${PROBED.path}/@v/${PROBED.version}.zip`)
      : undefined;
  const lines = createModuleMaker()(MODULE).sumLines();
  const outcome = await download({
    folder: join(folder, 'download'),
    files: {
      'go.mod': `module row.test/main\n\ngo 1.21\n\nrequire ${MODULE.path} ${MODULE.version}\n`,
      // Only what needs it gets it: without one, plain go shows what it takes on trust.
      ...(system.name === 'run' ? { 'go.sum': lines } : {}),
    },
    prefix: started.prefix,
    environment: started.environment,
    limitMilliseconds: isOurs ? COFFERDAM_LIMIT_MILLISECONDS : OTHERS_LIMIT_MILLISECONDS,
    expected: sumLines(lines),
  });
  const verdict = verdictOf(expectation, outcome, firstByteSeconds);
  return {
    row: row.id,
    variant: variant.name,
    shape,
    system: system.name,
    outcome: verdict.pass ? outcome : { ...outcome, text: `${outcome.text}\n${started.log()}` },
    expectation,
    firstByteSeconds,
    ...verdict,
  };
}

function verdictOf(
  expectation: Expectation | undefined,
  outcome: Outcome,
  firstByteSeconds: number | undefined,
): { readonly pass: boolean; readonly reason: string } {
  if (expectation === undefined) return { pass: true, reason: '' };
  const verdict = judge(expectation, outcome);
  if (!verdict.pass || firstByteSeconds === undefined || firstByteSeconds <= FIRST_BYTE_SECONDS)
    return verdict;
  return { pass: false, reason: `the first byte came only after ${firstByteSeconds.toFixed(1)} s` };
}

/** Seconds until a body begins; infinite when none does. */
async function firstByte(url: string): Promise<number> {
  const begun = performance.now();
  const { promise, resolve } = Promise.withResolvers<number>();
  const asked = get(url, { agent: false, timeout: OTHERS_LIMIT_MILLISECONDS }, (response) => {
    if (response.statusCode !== 200) resolve(Infinity);
    response.once('data', () => resolve((performance.now() - begun) / 1000));
    response.once('close', () => resolve(Infinity));
    response.on('error', () => resolve(Infinity));
  });
  asked.on('error', () => resolve(Infinity));
  asked.on('timeout', () => asked.destroy());
  const seconds = await promise;
  asked.destroy();
  return seconds;
}

/** Every cell: those that wait longest first, so that they do not wait alone at the end. */
export function listCases(rows: readonly FaultRow[], systems: readonly System[]): readonly Case[] {
  const cases = rows.flatMap((row) =>
    row.variants.flatMap((variant) =>
      systems.flatMap((system) =>
        shapesOf(system.name).map((shape) => ({ row, variant, shape, system })),
      ),
    ),
  );
  const isLong = ({ row }: Case): boolean => row.nature === 'silent' || row.id === 'late';
  return [...cases.filter(isLong), ...cases.filter((one) => !isLong(one))];
}

function shapesOf(system: SystemName): readonly ListShape[] {
  return system === 'serve' || system === 'run'
    ? ['one', 'comma', 'comma-record', 'pipe']
    : ['one', 'comma', 'pipe'];
}
