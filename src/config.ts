import { resolve } from 'node:path';
import {
  FILE_NAME,
  SYSTEM_FILE,
  cacheDirectory,
  userFile,
  type Person,
} from './configuration/places.ts';
import { parseDuration } from './configuration/duration.ts';
import { parseSize } from './configuration/size.ts';
import { quote } from './configuration/parsed.ts';
import { maskAddressList } from './masking/index.ts';
import { allNames } from './configuration/names.ts';
import { findNotBuilt } from './configuration/not-built-yet.ts';
import { readConfigurationFile, type ReadSettings } from './configuration/read-file.ts';
import { findDisagreeing, resolveSettings } from './configuration/resolve.ts';
import type { SettingCommand } from './configuration/setting.ts';
import { settings, showSetting, type Values } from './configuration/settings.ts';
import { configurationError, problem, type Problem, type Written } from './configuration/source.ts';
import { suggest } from './configuration/suggest.ts';
import type { Files } from './platform/index.ts';
import { parseUpstreamList } from './proxy/index.ts';

export type { Values } from './configuration/settings.ts';

/** The whole configuration: typed values, and where each comes from. */
export interface Configuration extends Values {
  readonly origins: Readonly<Record<keyof Values, string>>;
  /** The files that were read, the strongest first. */
  readonly files: readonly string[];
  /** What the user may want to know although nothing is wrong. */
  readonly notices: readonly string[];
}

export interface ConfigurationSources extends Person {
  /** By flag without its dashes (`max-store-size`): each value as it was written. */
  readonly flags: Readonly<Record<string, readonly string[]>>;
  /** Instead of ./cofferdam.yaml; must exist. */
  readonly file?: string | undefined;
  readonly directory: string;
  /** What the container or the machine allows. */
  readonly memoryBytes: number;
  readonly files: Pick<Files, 'readWhole'>;
}

/** All that is wrong is in one error. Order: flag, environment, project file, user file, system file, Go's own variable, default. */
export async function loadConfiguration(sources: ConfigurationSources): Promise<Configuration> {
  const { files, problems } = await readFiles(sources);
  const written = [
    ...fromFlags(sources),
    ...fromEnvironment(sources),
    ...files.flatMap((file) => file.written),
    ...fromGo(sources),
  ];
  const surroundings = {
    cacheDirectory: cacheDirectory(sources),
    memoryBytes: sources.memoryBytes,
  };
  const resolved = resolveSettings(written, surroundings);
  const { values, origins } = resolved;
  problems.push(...resolved.problems, ...findNotBuilt(values, origins));
  // Where something could not be read, nobody knows what else it was meant to set.
  if (problems.length === 0) problems.push(...findDisagreeing(resolved));
  const [first, ...more] = problems;
  if (first !== undefined) throw configurationError([first, ...more]);
  return {
    ...values,
    origins,
    files: files.map((file) => file.path),
    notices: [...strangeVariables(sources), ...uselessEntries(values, origins)],
  };
}

function fromFlags({ flags, directory }: ConfigurationSources): readonly Written[] {
  return allNames.flatMap(({ name, flag }) => {
    const values = flags[flag.slice('--'.length)];
    return values === undefined ? [] : [{ name, values, origin: flag, directory }];
  });
}

/** As with Go's own variables, an empty one is one that is not set. */
function fromEnvironment({ environment, directory }: ConfigurationSources): readonly Written[] {
  return allNames.flatMap(({ name, variable }) => {
    const value = environment[variable] ?? '';
    return value === '' ? [] : [{ name, values: [value], origin: variable, directory }];
  });
}

function fromGo({ environment, directory }: ConfigurationSources): readonly Written[] {
  return allNames.flatMap(({ name }) => {
    const variable = settings[name].fallback;
    const value = variable === undefined ? '' : (environment[variable] ?? '');
    return variable === undefined || value === ''
      ? []
      : [{ name, values: [value], origin: variable, directory }];
  });
}

interface ReadFile extends ReadSettings {
  readonly path: string;
}

async function readFiles(sources: ConfigurationSources): Promise<{
  readonly files: readonly ReadFile[];
  readonly problems: Problem[];
}> {
  const { file, directory } = sources;
  const project = file ?? FILE_NAME;
  const found: ReadFile[] = [];
  const absent: Problem[] = [];
  for (const shown of [project, userFile(sources), SYSTEM_FILE]) {
    if (shown === undefined) continue;
    const path = resolve(directory, shown);
    if (found.some((one) => one.path === path)) continue;
    const read = await readConfigurationFile(sources.files, path, shown);
    if (read !== undefined) found.push({ path, ...read });
    else if (file !== undefined && shown === file) {
      const hint = 'name a file that is there, or leave --config out';
      absent.push(problem('--config', `there is no file ${file}`, hint));
    }
  }
  return { files: found, problems: [...absent, ...found.flatMap((one) => one.problems)] };
}

/** A variable of ours that sets nothing is most likely misspelt. */
function strangeVariables({ environment }: ConfigurationSources): readonly string[] {
  const known = allNames.map((names) => names.variable);
  return (
    Object.keys(environment)
      // What `run --dotenv-file` wrote for later jobs is no setting.
      .filter((name) => /^COFFERDAM_(?!RUN_)/.test(name) && !known.includes(name))
      .flatMap((name) => {
        const near = suggest(name, known);
        return near === undefined ? [] : [`${name} sets nothing; did you mean ${near}?`];
      })
  );
}

/** `go` ends a list there without a word, and so do we; whoever wrote more meant something by it. */
function uselessEntries(
  { upstream, privateUpstream }: Pick<Values, 'upstream' | 'privateUpstream'>,
  origins: Configuration['origins'],
): readonly string[] {
  const lists = [
    [upstream, origins.upstream],
    [privateUpstream, origins.privateUpstream],
  ] as const;
  return lists.flatMap(([list, origin]) => {
    const { end, isCutOff } = parseUpstreamList(list ?? 'off');
    return isCutOff
      ? [`${origin}: the list ends at ${end ?? ''}; what follows is never asked`]
      : [];
  });
}

/** One line of `config print`. */
export interface DescribedValue {
  readonly key: string;
  /** Without secrets. */
  readonly value: string;
  readonly origin: string;
}

export function describeConfiguration(configuration: Configuration): readonly DescribedValue[] {
  return allNames.map(({ name, key }) => ({
    key,
    value: maskAddressList(showSetting(name, configuration)),
    origin: configuration.origins[name],
  }));
}

/** A flag for the command line to offer. */
export interface SettingFlag {
  readonly flag: string;
  readonly placeholder: string | undefined;
  readonly description: string;
  readonly repeatable: boolean;
  readonly commands: readonly ('serve' | SettingCommand)[];
}

export const settingFlags: readonly SettingFlag[] = allNames.map(({ name, flag }) => ({
  flag,
  placeholder: settings[name].placeholder,
  description: settings[name].description,
  repeatable: settings[name].repeatable === true,
  commands: ['serve', ...settings[name].alsoFor],
}));

/** A size of the command line that is no setting. */
export function parseFlagSize(text: string, flag: string): number {
  const parsed = parseSize(text);
  if (parsed.ok) return parsed.value;
  const hint = 'write a number and its unit, such as 64MiB or 1GiB';
  throw configurationError([problem(flag, `${quote(text)} ${parsed.problem}`, hint)]);
}

/** A duration of the command line that is no setting. */
export function parseFlagDuration(text: string, flag: string): number {
  const parsed = parseDuration(text);
  if (parsed.ok) return parsed.value;
  const hint = 'write a number and its unit, such as 90s or 1h30m';
  throw configurationError([problem(flag, `${quote(text)} ${parsed.problem}`, hint)]);
}
