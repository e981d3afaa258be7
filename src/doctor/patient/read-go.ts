import { join } from 'node:path';
import { goServices } from '../../go-services.ts';
import { readGoVariables } from '../../gosettings/index.ts';
import type { Files, Processes } from '../../platform/index.ts';
import type { GoFacts } from './patient.ts';

export interface ReadGoNeeds {
  readonly files: Pick<Files, 'readWhole'>;
  readonly processes: Pick<Processes, 'run'>;
}

/** A file of a few lines. */
const FILE_BYTES = 1024 * 1024;

/** What decides where modules come from and where they go. */
export const settingNames = [
  'GOPROXY',
  'GOSUMDB',
  'GOPRIVATE',
  'GONOPROXY',
  'GONOSUMDB',
  'GOINSECURE',
  'GOVCS',
  'GOAUTH',
  'GOFLAGS',
  'GOTOOLCHAIN',
  'GO111MODULE',
  'GOWORK',
  'GOMODCACHE',
  'GOCACHE',
  'GOTMPDIR',
] as const;

const otherNames = ['GOENV', 'GOROOT', 'GOPATH', 'GOMOD', 'GOVERSION', 'GOHOSTARCH', 'GOARCH'];

/** The settings in force and where each comes from, as `go help environment` orders them. */
export async function readGo(
  { files, processes }: ReadGoNeeds,
  directory: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<GoFacts> {
  const names = [...settingNames, ...otherNames];
  const answer = await readGoVariables(processes, directory, environment, signal, names);
  if (answer.kind === 'failed') {
    return {
      version: undefined,
      values: guessed(environment),
      origins: new Map(
        settingNames.map((name) => [name, environment[name] ? 'environment' : 'default']),
      ),
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
  for (const name of settingNames) {
    origins.set(name, originOf(name, environment, userFile, rootFile));
  }
  values.set(
    'GOTOOLCHAIN',
    environment['GOTOOLCHAIN'] ||
      userFile.values.get('GOTOOLCHAIN') ||
      rootFile.values.get('GOTOOLCHAIN') ||
      'auto',
  );
  return { version: values.get('GOVERSION'), values, origins, problem: undefined };
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

function guessed(environment: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const name of settingNames) values.set(name, environment[name] ?? '');
  const { mirror, checksumDatabase } = goServices;
  if (!values.get('GOPROXY')) values.set('GOPROXY', `${mirror},direct`);
  if (!values.get('GOSUMDB')) values.set('GOSUMDB', checksumDatabase.name);
  for (const name of ['GONOPROXY', 'GONOSUMDB']) {
    if (!values.get(name)) values.set(name, environment['GOPRIVATE'] ?? '');
  }
  return values;
}
