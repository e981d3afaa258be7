import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { namesWith, type TestOutput } from './go-test-output.ts';
import { playAndStop, playThrough, startServer } from './plays.ts';
import { startRelay } from './relay.ts';
import { createRelayFaults, type RelayFault } from './relay-faults.ts';
import { summaryLine, writeLogs } from './results.ts';
import type { PlayNeeds, PlaySettings } from './plays.ts';

/** "Done when" 2 of issue 4. */
const FAULTS: readonly (RelayFault & { readonly name: string })[] = [
  { name: '503-1%', kind: 'status', share: 0.01 },
  { name: '503-5%', kind: 'status', share: 0.05 },
  { name: 'reset-5%', kind: 'reset', share: 0.05 },
  { name: 'cut-5%', kind: 'cut', share: 0.05 },
  { name: 'latency-200ms', kind: 'latency', share: 1 },
];

interface FaultPlay {
  readonly fault: string;
  readonly seed: number;
  readonly passed: number;
  readonly failed: readonly string[];
  readonly requests: number;
  readonly met: number;
}

export interface FaultPlaysSettings extends Omit<PlaySettings, 'place'> {
  readonly results: string;
  readonly say: (line: string) => void;
}

/** The scripts that pass through a relay without faults must pass through Cofferdam with them. */
export async function playWithFaults(
  needs: PlayNeeds,
  settings: FaultPlaysSettings,
): Promise<number> {
  const { options, expectation, signal, say } = settings;
  const strict = await startRelay({ upstream: needs.fixture.url, strict: true });
  const yardstick = await playAndStop(strict, needs.tests, expectation.selected, signal);
  say(`  ${summaryLine('relay', yardstick)}`);
  // Without those that verification refuses on purpose as well: they are exclusions.
  const due = namesWith(yardstick, 'pass').filter((name) => !expectation.exclusions.has(name));
  const plays: FaultPlay[] = [];
  for (const fault of FAULTS.filter(({ name }) => options.faults?.test(name) === true)) {
    for (let seed = 1; seed <= options.seeds; seed += 1) {
      const play = await playOnce(needs, settings, { fault, seed, due });
      plays.push(play);
      const named = play.failed.length === 0 ? '' : `: ${play.failed.join(', ')}`;
      say(
        `  ${fault.name.padEnd(14)} seed ${seed}: ${play.passed} passed, ${play.failed.length} failed ` +
          `(${play.met} of ${play.requests} requests met)${named}`,
      );
    }
  }
  const json = `${JSON.stringify({ version: 1, due: due.length, plays }, undefined, 2)}\n`;
  await writeFile(join(settings.results, 'faults.json'), json);
  if (options.json !== undefined) await writeFile(options.json, json);
  const failed = plays.reduce((sum, play) => sum + play.failed.length, 0);
  say(`logs: ${settings.results}`);
  say(`${plays.reduce((sum, play) => sum + play.passed, 0)} passed, ${failed} failed`);
  return failed === 0 && plays.length > 0 && due.length >= expectation.minimumPassing ? 0 : 1;
}

async function playOnce(
  needs: PlayNeeds,
  settings: FaultPlaysSettings,
  one: {
    readonly fault: RelayFault & { readonly name: string };
    readonly seed: number;
    readonly due: readonly string[];
  },
): Promise<FaultPlay> {
  const name = `${one.fault.name.replace('%', '')}-seed-${one.seed}`;
  const directory = join(settings.results, name);
  await mkdir(directory, { recursive: true });
  const faults = createRelayFaults(one.fault, one.seed);
  const relay = await startRelay({ upstream: needs.fixture.url, strict: false, faults });
  try {
    const output = await playBehind(relay.url, needs, settings, {
      number: one.seed,
      directory,
      store: join(needs.scratch.directory, `store-${name}`),
    });
    await writeLogs(directory, output);
    const failed = one.due.filter((script) => output.scripts.get(script) !== 'pass');
    return {
      fault: one.fault.name,
      seed: one.seed,
      passed: one.due.length - failed.length,
      failed,
      requests: relay.counts.forwarded,
      met: faults.met(),
    };
  } finally {
    await relay.stop();
  }
}

/** The checksum database lies behind the same bad line as the modules. */
async function playBehind(
  url: string,
  needs: PlayNeeds,
  settings: FaultPlaysSettings,
  place: PlaySettings['place'],
): Promise<TestOutput> {
  const upstream = {
    ...needs,
    fixture: { ...needs.fixture, url },
    checksumDatabase: `${needs.tests.checksumDatabase} ${url}/sumdb-direct`,
  };
  const server = await startServer(upstream, { ...settings, place });
  try {
    return await playThrough(server.url, needs, settings);
  } finally {
    await server.stop();
  }
}
