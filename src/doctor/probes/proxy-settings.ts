import { join } from 'node:path';
import { isProgramError } from '../../platform/index.ts';
import type { DoctorNeeds } from '../needs.ts';
import type { Patient } from '../patient/index.ts';

/** One place that names a forward proxy. */
export interface ProxySetting {
  /** `HTTPS_PROXY`, `git http.proxy` */
  readonly name: string;
  readonly value: string;
  readonly origin: string;
  readonly usedBy: 'go' | 'git' | 'npm' | 'others';
  /** What takes it away where it stands. */
  readonly removal: string | undefined;
}

const GO_NAMES = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'];
/** Known to curl and git, not to Go. */
const OTHER_NAMES = ['ALL_PROXY', 'all_proxy'];
const NPM_NAMES = ['npm_config_proxy', 'npm_config_https_proxy'];

const GIT_MILLISECONDS = 3000;
const GIT_BYTES = 256 * 1024;
const NPMRC_BYTES = 256 * 1024;

export async function readProxySettings(
  patient: Patient,
  needs: DoctorNeeds,
  signal: AbortSignal,
): Promise<readonly ProxySetting[]> {
  const [git, npm] = await Promise.all([fromGit(patient, needs, signal), fromNpm(patient, needs)]);
  return withoutRepetition([...fromEnvironment(patient), ...git, ...npm]);
}

/** The upper and the lower case of a variable with one value are one setting. */
function withoutRepetition(settings: readonly ProxySetting[]): readonly ProxySetting[] {
  return settings.flatMap((setting) => {
    const same = settings.filter(
      ({ name, value }) =>
        name.toUpperCase() === setting.name.toUpperCase() && value === setting.value,
    );
    if (same[0] !== setting) return [];
    if (setting.origin !== 'environment') return [setting];
    return [{ ...setting, removal: `unset ${same.map(({ name }) => name).join(' ')}` }];
  });
}

function fromEnvironment({ environment }: Patient): readonly ProxySetting[] {
  function named(names: readonly string[], usedBy: ProxySetting['usedBy']): ProxySetting[] {
    return names.flatMap((name) => {
      const value = environment[name] ?? '';
      return value === ''
        ? []
        : [{ name, value, origin: 'environment', usedBy, removal: `unset ${name}` }];
    });
  }
  return [...named(GO_NAMES, 'go'), ...named(OTHER_NAMES, 'others'), ...named(NPM_NAMES, 'npm')];
}

async function fromGit(
  { directory, environment }: Patient,
  { processes }: DoctorNeeds,
  signal: AbortSignal,
): Promise<readonly ProxySetting[]> {
  try {
    const result = await processes.run(
      ['git', 'config', '--show-origin', '--null', '--get-regexp', '^http\\.(.*\\.)?proxy$'],
      {
        directory,
        environment,
        timeoutMilliseconds: GIT_MILLISECONDS,
        maximumOutputBytes: GIT_BYTES,
        signal,
      },
    );
    const fields = result.stdout.toString('utf8').split('\0');
    const settings: ProxySetting[] = [];
    for (let index = 0; index + 1 < fields.length; index += 2) {
      const [name = '', value = ''] = (fields[index + 1] ?? '').split('\n');
      if (value === '') continue;
      const origin = fields[index] ?? '';
      const removal = gitRemoval(origin, name);
      settings.push({ name: `git ${name}`, value, origin, usedBy: 'git', removal });
    }
    return settings;
  } catch (error) {
    signal.throwIfAborted();
    // Without git there is no setting of it.
    if (isProgramError(error) && error.kind !== 'bug') return [];
    throw error;
  }
}

/** Of the file that has it; what a variable or the command line sets is none of git's files. */
function gitRemoval(origin: string, name: string): string | undefined {
  const [, path] = /^file:(.+)$/.exec(origin) ?? [];
  if (path === undefined) return undefined;
  const place = !path.startsWith('/')
    ? 'local'
    : path.endsWith('/etc/gitconfig')
      ? 'system'
      : 'global';
  const key = /^[\w.-]+$/.test(name) ? name : `'${name}'`;
  return `git config --${place} --unset ${key}`;
}

async function fromNpm(
  { directory, environment }: Patient,
  { files }: DoctorNeeds,
): Promise<readonly ProxySetting[]> {
  const places = [join(environment['HOME'] ?? '/', '.npmrc'), join(directory, '.npmrc')];
  const found = await Promise.all(
    [...new Set(places)].map(async (path) => {
      const bytes = await files.readWhole(path, NPMRC_BYTES).catch(() => undefined);
      const lines = bytes
        ?.toString('utf8')
        .matchAll(/^[ \t]*(https-proxy|proxy)[ \t]*=[ \t]*(\S+)/gm);
      return [...(lines ?? [])].map(([, name = '', value = '']) => ({
        name: `npm ${name}`,
        value: value.replace(/^(["'])(.*)\1$/, '$2'),
        origin: path,
        usedBy: 'npm' as const,
        removal: `npm config delete ${name}${path === places[0] ? '' : ' --location=project'}`,
      }));
    }),
  );
  return found.flat().filter(({ value }) => !/^(?:null|\$\{.*)$/.test(value));
}
