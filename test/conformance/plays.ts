import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Children } from './child-processes.ts';
import { startCofferdam, type CofferdamServer } from './cofferdam-server.ts';
import type { Expectation } from './comparison.ts';
import { mergeOutputs, type TestOutput } from './go-test-output.ts';
import type { Options } from './options.ts';
import { startRelay, type Relay } from './relay.ts';
import type { Scratch } from './scratch.ts';
import type { Fixture, Script, ScriptTests } from './script-tests.ts';

export interface PlayNeeds {
  readonly children: Children;
  readonly tests: ScriptTests;
  readonly fixture: Fixture;
  readonly checksumDatabase: string;
  readonly scratch: Scratch;
}

export interface PlaySettings {
  readonly options: Options;
  readonly expectation: Expectation;
  readonly scripts: readonly Script[];
  readonly place: { readonly number: number; readonly directory: string; readonly store: string };
  readonly signal: AbortSignal;
}

/**
 * The fixture's database leaves out files whose names begin with a dot, so its record of this module contradicts the
 * zip that the fixture serves; the go.sum of mod_invalid_path_dotname has the hash of the zip. Its user would set this.
 */
export const moduleWithWrongRecord = 'example.com/dotname';

/** `upstream` and `checksumDatabase` are the fixture's own unless something stands between. */
export async function startServer(
  needs: PlayNeeds,
  { options, place }: PlaySettings,
): Promise<CofferdamServer> {
  if (options.server !== undefined) {
    return { url: options.server, died: () => undefined, stop: () => Promise.resolve() };
  }
  return startCofferdam(needs, {
    program: fileURLToPath(new URL('../../bin/cofferdam', import.meta.url)),
    store: place.store,
    upstream: needs.fixture.url,
    checksumDatabase: needs.checksumDatabase,
    serveArguments: [`--no-sumdb=${moduleWithWrongRecord}`, ...options.serveArguments],
    home: needs.scratch.home,
    logFile: join(place.directory, 'cofferdam-server.log'),
  });
}

/** Straight to the server, but for the few scripts that want a path prefix: those go through a front server that has one. */
export async function playThrough(
  url: string,
  { tests }: Pick<PlayNeeds, 'tests'>,
  { scripts, signal }: Pick<PlaySettings, 'scripts' | 'signal'>,
): Promise<TestOutput> {
  const prefixed = scripts.filter(({ needsPrefix }) => needsPrefix).map(({ name }) => name);
  const plain = scripts.filter(({ needsPrefix }) => !needsPrefix).map(({ name }) => name);
  const direct = plain.length === 0 ? undefined : await tests.play(plain, url, signal);
  if (prefixed.length === 0 && direct !== undefined) return direct;
  const front = await startRelay({ upstream: url, strict: false });
  const fronted = await playAndStop(front, tests, prefixed, signal);
  return direct === undefined ? fronted : mergeOutputs(direct, fronted);
}

export async function playAndStop(
  relay: Relay,
  tests: ScriptTests,
  names: readonly string[],
  signal: AbortSignal,
): Promise<TestOutput> {
  try {
    return await tests.play(names, relay.url, signal);
  } finally {
    await relay.stop();
  }
}
