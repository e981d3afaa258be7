import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createChildren, type Children } from './child-processes.ts';
import {
  judge,
  unexplainedFailures,
  type Expectation,
  type Judgement,
  type Run,
} from './comparison.ts';
import { playWithFaults } from './fault-plays.ts';
import { readExclusions } from './exclusions.ts';
import { findGo, type GoInstallation } from './go-installation.ts';
import { parseOptions, type Options } from './options.ts';
import { jsonRun, summaryLine, writeLogs, type JsonRun } from './results.ts';
import { createScratch, openCacheDirectory, type Scratch } from './scratch.ts';
import { moduleWithWrongRecord, playAndStop, playThrough, startServer } from './plays.ts';
import { startRelay } from './relay.ts';
import type { PlayNeeds, PlaySettings } from './plays.ts';
import { prepareScriptTests, selectScripts, type Script } from './script-tests.ts';

/** With Go 1.26 some 390 scripts pass through the relay; a version that we have not seen may have fewer. */
const minimumPassing: Readonly<Record<string, number>> = { '1.26': 380 };
const minimumPassingOfOthers = 300;

const parsed = parseOptions(process.argv.slice(2));
if (parsed.kind === 'help') {
  process.stdout.write(parsed.text);
} else if (parsed.kind === 'wrong') {
  process.stderr.write(`${parsed.message}\n`);
  process.exitCode = 2;
} else {
  process.exitCode = await main(parsed.options);
}

async function main(options: Options): Promise<number> {
  const children = createChildren();
  const abort = new AbortController();
  process.on('exit', () => children.killAll());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // A second signal means now: the exit handler kills what is left.
      if (abort.signal.aborted) process.exit(130);
      abort.abort(new Error(`Stopped by ${signal}.`));
    });
  }
  let go: GoInstallation;
  try {
    go = await findGo();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return 2;
  }
  const scratch = await createScratch();
  try {
    return await judgeAll(options, go, scratch, children, abort.signal);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return abort.signal.aborted ? 130 : 1;
  } finally {
    if (options.keep) say(`Kept: ${scratch.directory}`);
    else await scratch.remove();
  }
}

async function judgeAll(
  options: Options,
  go: GoInstallation,
  scratch: Scratch,
  children: Children,
  signal: AbortSignal,
): Promise<number> {
  const cacheDirectory = await openCacheDirectory();
  const results = options.results ?? join(cacheDirectory, 'last');
  if (options.results === undefined) await rm(results, { recursive: true, force: true });
  await mkdir(results, { recursive: true });
  const scripts = await selectScripts(go, options.only);
  const expectation = await expect(options, go, scripts);
  say(`${go.version} at ${go.root}: ${scripts.length} scripts selected`);
  const settings = { cacheDirectory, scratchDirectory: scratch.directory, home: scratch.home };
  const tests = await stoppable(prepareScriptTests({ children, go }, settings), signal);
  const fixture = await tests.startFixture(options.fixture);
  try {
    const checksumDatabase = `${tests.checksumDatabase} ${fixture.url}/sumdb-direct`;
    say(
      `fixture      --upstream ${fixture.url} --sumdb '${checksumDatabase}' --no-sumdb ${moduleWithWrongRecord}`,
    );
    if (options.faults !== undefined) {
      const needs = { children, tests, fixture, checksumDatabase, scratch };
      return await playWithFaults(needs, { options, expectation, scripts, results, signal, say });
    }
    const judgements: Judgement[] = [];
    const jsonRuns: JsonRun[] = [];
    for (let number = 1; number <= options.runs; number += 1) {
      const directory = join(results, `run-${number}`);
      await mkdir(directory, { recursive: true });
      const place = {
        number,
        directory,
        store: join(scratch.directory, `store-${Math.ceil(number / 2)}`),
      };
      const run = await playOnce(
        { children, tests, fixture, checksumDatabase, scratch },
        { options, expectation, scripts, place, signal },
      );
      const judgement = judge(run, expectation);
      report(judgement, number === 1);
      judgements.push(judgement);
      jsonRuns.push(jsonRun(run, judgement));
    }
    return await conclude(options, go, judgements, jsonRuns, results);
  } finally {
    await fixture.stop();
  }
}

async function playOnce(needs: PlayNeeds, settings: PlaySettings): Promise<Run> {
  const { options, expectation, place, signal } = settings;
  say(options.runs > 1 ? `run ${place.number} of ${options.runs}` : 'run');
  const relay = await startRelay({ upstream: needs.fixture.url, strict: true });
  const throughRelay = await playAndStop(relay, needs.tests, expectation.selected, signal);
  await writeLogs(join(place.directory, 'relay'), throughRelay);
  await writeFile(
    join(place.directory, 'relay-refused.txt'),
    [...relay.refusedPaths].toSorted().join('\n'),
  );
  say(`  ${summaryLine('relay', throughRelay)} (${relay.counts.forwarded} requests forwarded)`);
  const unexplained = unexplainedFailures(throughRelay, expectation.exclusions);
  const direct =
    unexplained.length === 0
      ? undefined
      : await needs.tests.play(unexplained, needs.fixture.url, signal);
  const server = await startServer(needs, settings);
  try {
    const cofferdam = await playThrough(server.url, needs, settings);
    await writeLogs(join(place.directory, 'cofferdam'), cofferdam);
    say(`  ${summaryLine('Cofferdam', cofferdam)}`);
    const relayRequests = relay.counts.forwarded;
    return { relay: throughRelay, cofferdam, direct, relayRequests, serverDied: server.died() };
  } finally {
    await server.stop();
  }
}

async function expect(
  options: Options,
  go: GoInstallation,
  scripts: readonly Script[],
): Promise<Expectation> {
  const whole = options.only === undefined;
  const minor = /^go(\d+\.\d+)/.exec(go.version)?.[1] ?? '';
  return {
    exclusions: await readExclusions(new URL('exclusions.json', import.meta.url)),
    selected: scripts.map(({ name }) => name),
    whole,
    minimumPassing: whole ? (minimumPassing[minor] ?? minimumPassingOfOthers) : 1,
  };
}

function report(judgement: Judgement, withNotes: boolean): void {
  if (withNotes) for (const note of judgement.notes) say(`  note: ${note}`);
  for (const difference of judgement.differences)
    say(`  DIFFERS ${difference.name}: ${difference.text}`);
}

async function conclude(
  options: Options,
  go: GoInstallation,
  judgements: readonly Judgement[],
  runs: readonly JsonRun[],
  results: string,
): Promise<number> {
  const failed = new Set(
    judgements.flatMap((judgement) => judgement.differences.map(({ name }) => name)),
  );
  const everywhere = (judgements[0]?.passed ?? []).filter((name) =>
    judgements.every((judgement) => judgement.passed.includes(name)),
  );
  const json = `${JSON.stringify({ version: 1, go: go.version, failed: [...failed].toSorted(), runs }, undefined, 2)}\n`;
  await writeFile(join(results, 'result.json'), json);
  if (options.json !== undefined) await writeFile(options.json, json);
  say(`logs: ${results}`);
  say(`${everywhere.length} passed, ${failed.size} failed`);
  return failed.size === 0 ? 0 : 1;
}

async function stoppable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const stopped = Promise.withResolvers<never>();
  function stop(): void {
    stopped.reject(signal.reason instanceof Error ? signal.reason : new Error('Stopped.'));
  }
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, stopped.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
