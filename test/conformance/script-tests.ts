import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Children } from './child-processes.ts';
import type { GoInstallation } from './go-installation.ts';
import { createTestOutputReader, type TestOutput } from './go-test-output.ts';
import { hookProxyTest, proxyVariable } from './hook.ts';
import { pathPrefix } from './relay.ts';

export interface ScriptTests {
  /** `NAME+HASH+KEY` of the fixture's checksum database. */
  readonly checksumDatabase: string;
  /** Starts the fixture proxy; resolves with its GOPROXY URL once it listens. */
  startFixture(address: string): Promise<Fixture>;
  /** Plays these scripts with this GOPROXY. */
  play(names: readonly string[], proxy: string, signal: AbortSignal): Promise<TestOutput>;
}

export interface Script {
  readonly name: string;
  /** It expects the fixture's own path prefix in the proxy's URL. */
  readonly needsPrefix: boolean;
}

export interface Fixture {
  readonly url: string;
  stop(): Promise<void>;
}

export interface ScriptTestsNeeds {
  readonly children: Children;
  readonly go: GoInstallation;
}

export interface ScriptTestsSettings {
  /** Where compiled test programs are kept from run to run. */
  readonly cacheDirectory: string;
  readonly scratchDirectory: string;
  readonly home: string;
}

/** The scripts that have to do with modules, by the beginning of their names (about 530, of which some 130 skip without a network). */
const selection =
  /^(?:mod_|get_|gotoolchain|goauth|work_|install_|list_|run_|tool_|malformed|netrc|sum_|retract|old_tidy|embed|vendor)/;

/** A line such as: stderr '… reading http.*'/mod/example.com/… */
const expectsPrefix = new RegExp(`^!?\\s*std(?:err|out)\\s.*http\\S*${pathPrefix}/`, 'm');

/** Compiling takes 30 to 60 s on two cores when nothing of Go is in the build cache yet. */
const compileTimeoutMilliseconds = 600_000;
/** A whole play takes 25 to 45 s on two cores. */
const playTimeoutMilliseconds = 600_000;
const fixtureTimeoutMilliseconds = 60_000;
const stopGraceMilliseconds = 5_000;

export async function selectScripts(
  go: GoInstallation,
  only: RegExp | undefined,
): Promise<readonly Script[]> {
  const directory = join(go.sourceDirectories[0] ?? '', 'testdata', 'script');
  const names = (await readdir(directory))
    .filter((file) => file.endsWith('.txt'))
    .map((file) => file.slice(0, -'.txt'.length))
    .filter((name) => selection.test(name) && (only === undefined || only.test(name)))
    .toSorted();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(directory, `${name}.txt`), 'utf8');
      return { name, needsPrefix: expectsPrefix.test(text) };
    }),
  );
}

export async function prepareScriptTests(
  needs: ScriptTestsNeeds,
  settings: ScriptTestsSettings,
): Promise<ScriptTests> {
  const { go, children } = needs;
  const directory = go.sourceDirectories[0] ?? '';
  const hooked = hookProxyTest(await readFile(join(directory, 'proxy_test.go'), 'utf8'));
  const environment: Record<string, string> = {
    PATH: `${join(go.root, 'bin')}:${process.env['PATH'] ?? ''}`,
    HOME: settings.home,
    TMPDIR: settings.scratchDirectory,
    GOCACHE: go.buildCache,
    GOTOOLCHAIN: 'local',
    GOENV: 'off',
    LC_ALL: 'C',
    TZ: 'UTC',
  };
  const program = await compile(needs, settings, hooked.text, environment);
  return {
    checksumDatabase: hooked.checksumDatabase,
    startFixture: (address) =>
      startFixture(children, [program, `-proxy=${address}`], directory, environment),
    play: (names, proxy, signal) =>
      play(
        children,
        [
          program,
          '-test.short',
          '-test.v=test2json',
          `-test.timeout=${playTimeoutMilliseconds / 1000}s`,
          `-test.run=^TestScript$/^(${names.map((name) => name.replace(/[^\w]/g, '\\$&')).join('|')})$`,
        ],
        directory,
        { ...environment, [proxyVariable]: proxy },
        signal,
      ),
  };
}

async function compile(
  { go, children }: ScriptTestsNeeds,
  settings: ScriptTestsSettings,
  source: string,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const hash = createHash('sha256').update(`${go.root}\n${source}`).digest('hex').slice(0, 16);
  const program = join(
    settings.cacheDirectory,
    `${go.version.replace(/[^\w.-]/g, '_')}-${hash}`,
    'cmdgo.test',
  );
  const kept = await stat(program).catch(() => undefined);
  if (kept?.isFile() === true) return program;
  const work = join(settings.scratchDirectory, 'compile');
  await mkdir(work, { recursive: true });
  await mkdir(join(program, '..'), { recursive: true });
  const copy = join(work, 'proxy_test.go');
  const overlay = join(work, 'overlay.json');
  await writeFile(copy, source);
  const replace = Object.fromEntries(
    go.sourceDirectories.map((directory) => [join(directory, 'proxy_test.go'), copy]),
  );
  await writeFile(overlay, JSON.stringify({ Replace: replace }));
  const said: string[] = [];
  const fresh = `${program}.${process.pid}`;
  const child = children.start(
    [go.program, 'test', '-c', '-overlay', overlay, '-o', fresh, 'cmd/go'],
    {
      directory: go.sourceDirectories[0] ?? '',
      environment: { ...environment, GOFLAGS: '', GOPROXY: 'off', GOWORK: 'off' },
      onStdout: (line) => said.push(line),
      onStderr: (line) => said.push(line),
    },
  );
  const timer = setTimeout(
    () => void child.stop(stopGraceMilliseconds),
    compileTimeoutMilliseconds,
  );
  const ended = await child.ended;
  clearTimeout(timer);
  await rm(work, { recursive: true, force: true });
  if (ended !== 0) {
    await rm(fresh, { force: true });
    throw new Error(`cmd/go's tests do not compile (${ended}):\n${said.slice(-20).join('\n')}`);
  }
  await rename(fresh, program);
  return program;
}

async function startFixture(
  children: Children,
  command: readonly string[],
  directory: string,
  environment: Readonly<Record<string, string>>,
): Promise<Fixture> {
  const said: string[] = [];
  const listening = Promise.withResolvers<string>();
  const child = children.start(command, {
    directory,
    environment,
    onStdout: () => {},
    onStderr(line) {
      const url = /GOPROXY=(http:\/\/\S+)/.exec(line)?.[1];
      if (url !== undefined) listening.resolve(url);
      else if (said.length < 20) said.push(line);
    },
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error('The fixture proxy does not start.')),
      fixtureTimeoutMilliseconds,
    );
  });
  const died = child.ended.then((ended) => {
    throw new Error(`The fixture proxy ended (${ended}):\n${said.join('\n')}`);
  });
  died.catch(() => {});
  try {
    const url = await Promise.race([listening.promise, late, died]);
    return { url, stop: () => child.stop(stopGraceMilliseconds) };
  } catch (error) {
    await child.stop(0);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function play(
  children: Children,
  command: readonly string[],
  directory: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<TestOutput> {
  signal.throwIfAborted();
  const reader = createTestOutputReader();
  const child = children.start(command, {
    directory,
    environment,
    onStdout: reader.line,
    onStderr: reader.line,
  });
  function stop(): void {
    void child.stop(stopGraceMilliseconds);
  }
  signal.addEventListener('abort', stop, { once: true });
  // The test program's own limit prints what hangs; ours is for a test program that hangs itself.
  const timer = setTimeout(stop, playTimeoutMilliseconds + 60_000);
  try {
    await child.ended;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  return reader.end();
}
