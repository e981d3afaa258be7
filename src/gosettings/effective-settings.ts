import { join } from 'node:path';
import { goServices } from '../go-services.ts';
import type { Files, Processes } from '../platform/index.ts';
import { readGoVariables, readGoVersion } from './ask-go.ts';

/** What is in force, and where it comes from. */
export interface EffectiveSettings {
  /** `go1.26.8`, undefined without a `go` command. */
  readonly version: string | undefined;
  readonly values: ReadonlyMap<string, string>;
  /** `environment`, a file, `GOPRIVATE` for what is taken from there, or `default`. */
  readonly origins: ReadonlyMap<string, string>;
  /** Why `go` could not be asked. */
  readonly problem: string | undefined;
}

export interface EffectiveSettingsNeeds {
  readonly files: Pick<Files, 'readWhole'>;
  readonly processes: Pick<Processes, 'run'>;
}

/** A file of a few lines. */
const FILE_BYTES = 1024 * 1024;

/** Where the others come from is found with these. */
const placeNames = ['GOENV', 'GOROOT', 'GOVERSION'];

/** The settings in force and where each comes from, as `go help environment` orders them. */
export async function readEffectiveSettings(
  { files, processes }: EffectiveSettingsNeeds,
  directory: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
  names: readonly string[],
): Promise<EffectiveSettings> {
  const asked = [...new Set([...names, ...placeNames])];
  const answer = await readGoVariables(processes, directory, environment, signal, asked);
  if (answer.kind === 'failed') {
    return {
      version: undefined,
      values: guessed(environment, names),
      origins: new Map(names.map((name) => [name, environment[name] ? 'environment' : 'default'])),
      problem: answer.reason,
    };
  }
  // The question alone must not download a toolchain, so this one was not asked as it is.
  const values = new Map(answer.values);
  const [userFile, rootFile] = await Promise.all([
    readLines(files, values.get('GOENV') ?? ''),
    readLines(files, join(values.get('GOROOT') ?? '', 'go.env')),
  ]);
  const origins = new Map<string, string>();
  for (const name of names) {
    origins.set(name, originOf(name, environment, userFile, rootFile));
  }
  values.set(
    'GOTOOLCHAIN',
    environment['GOTOOLCHAIN'] ||
      userFile.values.get('GOTOOLCHAIN') ||
      rootFile.values.get('GOTOOLCHAIN') ||
      'auto',
  );
  const version =
    values.get('GOVERSION') || (await readGoVersion(processes, directory, environment, signal));
  return { version, values, origins, problem: undefined };
}

interface EnvironmentFile {
  readonly path: string;
  readonly values: ReadonlyMap<string, string>;
}

function originOf(
  name: string,
  environment: Readonly<Record<string, string>>,
  userFile: EnvironmentFile,
  rootFile: EnvironmentFile,
): string {
  if (environment[name]) return 'environment';
  if (userFile.values.get(name)) return userFile.path;
  // GONOPROXY and GONOSUMDB take theirs from here.
  if (
    name.startsWith('GONO') &&
    originOf('GOPRIVATE', environment, userFile, rootFile) !== 'default'
  ) {
    return 'GOPRIVATE';
  }
  return rootFile.values.get(name) ? rootFile.path : 'default';
}

/** `NAME=VALUE` lines, as `go env -w` writes them. */
async function readLines(files: Pick<Files, 'readWhole'>, path: string): Promise<EnvironmentFile> {
  const values = new Map<string, string>();
  if (path === '' || path === 'off') return { path, values };
  const bytes = await files.readWhole(path, FILE_BYTES).catch(() => undefined);
  for (const line of bytes?.toString('utf8').split('\n') ?? []) {
    const [, name, value] = /^([A-Z][A-Z0-9_]{1,40})=(.*)$/.exec(line.trim()) ?? [];
    if (name !== undefined && value !== undefined) values.set(name, value);
  }
  return { path, values };
}

function guessed(
  environment: Readonly<Record<string, string>>,
  names: readonly string[],
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const name of names) values.set(name, environment[name] ?? '');
  const { mirror, checksumDatabase } = goServices;
  if (!values.get('GOPROXY')) values.set('GOPROXY', `${mirror},direct`);
  if (!values.get('GOSUMDB')) values.set('GOSUMDB', checksumDatabase.name);
  for (const name of ['GONOPROXY', 'GONOSUMDB']) {
    if (!values.get(name)) values.set(name, environment['GOPRIVATE'] ?? '');
  }
  return values;
}
