import { basename, resolve } from 'node:path';
import { decidesPackages, flagKind, isVerb } from './go-flags.ts';
import type { Verb } from './go-flags.ts';

/** What fetches the modules of a command beforehand, or why nothing does. */
export type DownloadPlan =
  | { readonly kind: 'list'; readonly verb: Verb; readonly command: readonly string[] }
  | { readonly kind: 'none'; readonly reason: string };

/**
 * The `go list -deps` that loads the packages of a go command as the command itself will, so that every
 * module of theirs is fetched and nothing is compiled. Where the command line is not understood, the
 * command does it by itself.
 */
export function planDownload(command: readonly string[]): DownloadPlan {
  const [program = '', verb = '', ...words] = command;
  if (!isGo(program)) return none('it is no go command');
  if (!isVerb(verb)) return none(`"go ${verb}" loads no packages that could be named beforehand`);
  const read = readWords(verb, words);
  if (read.problem !== undefined) return none(read.problem);
  const { flags, packages } = read;
  if (packages.some((name) => name.includes('@'))) {
    return none('packages at a version belong to no module here');
  }
  if (verb === 'run' && packages.length === 0) return none('it names no package');
  // A test is built with what its test files import, and `vet` looks at them as well.
  const withTests = verb === 'test' || verb === 'vet' || read.seen.has('test');
  const test = withTests ? ['-test'] : [];
  const chdir = flags.filter((flag) => flag.startsWith('-C='));
  const others = flags.filter((flag) => !flag.startsWith('-C='));
  const list = [program, 'list', ...chdir, ...others, '-deps', ...test, '-f', NOTHING, '--'];
  return { kind: 'list', verb, command: [...list, ...packages] };
}

/** These read no module, whatever go.sum names. */
const WITHOUT_MODULES: ReadonlySet<string> = new Set([
  '',
  'bug',
  'clean',
  'doc',
  'env',
  'fmt',
  'help',
  'telemetry',
  'version',
]);

/**
 * Whether what go.sum names may be fetched ahead: the command is `go` itself, so its settings are those that were read.
 * A script may set GOPRIVATE before it builds, and then names would be told to servers that `go` would never ask.
 */
export function readsModules([program = '', verb = '']: readonly string[]): boolean {
  return isGo(program) && !WITHOUT_MODULES.has(verb);
}

/** `go mod download` alone asks for every module that go.mod has. */
export function downloadsAll([program = '', verb, what, ...words]: readonly string[]): boolean {
  const isDownload = isGo(program) && verb === 'mod' && what === 'download';
  return isDownload && words.every((word) => word.startsWith('-'));
}

/** Where the go command works: `-C` is read before anything else. */
export function directoryOf(command: readonly string[], directory: string): string {
  const [program = '', , flag = '', value = ''] = command;
  const written = /^--?C(?:=(?<value>.*))?$/su.exec(flag);
  if (!isGo(program) || written === null) return directory;
  return resolve(directory, written.groups?.['value'] ?? value);
}

/** A template that prints nothing: only the loading is wanted. */
const NOTHING = '{{""}}';

/** `go`, or one of several that stand beside each other: `go1.25.3`. */
function isGo(program: string): boolean {
  return /^go(?:\d+(?:\.\d+)*(?:(?:rc|beta)\d+)?)?(?:\.exe)?$/u.test(basename(program));
}

interface Words {
  /** With a value as `-name=value`. */
  readonly flags: readonly string[];
  readonly packages: readonly string[];
  readonly seen: ReadonlySet<string>;
  readonly problem?: undefined;
}

function readWords(verb: Verb, words: readonly string[]): Words | { readonly problem: string } {
  const flags: string[] = [];
  const seen = new Set<string>();
  const packages: string[] = [];
  let rest = [...words];
  while (rest.length > 0) {
    const [word = '', ...after] = rest;
    if (!word.startsWith('-') || word === '-') {
      const named = packagesAtStart(verb, rest);
      packages.push(...named);
      // Only `go test` reads flags behind the packages.
      if (verb !== 'test') break;
      rest = rest.slice(named.length);
      continue;
    }
    if (word === '--') {
      if (packages.length === 0) packages.push(...packagesAtStart(verb, after));
      break;
    }
    const flag = /^--?(?<name>[^=]+)(?:=(?<value>.*))?$/su.exec(word)?.groups ?? {};
    const { name = '', value } = flag;
    if (STOPS.has(name)) return { problem: `-${name} changes what it does` };
    const kind = flagKind(verb, name);
    if (kind === 'unknown' || (verb === 'test' && name === 'args')) {
      // From here on the words may be the test's own.
      if (verb === 'test') break;
      return { problem: `the flag -${name} is not known` };
    }
    const takesNext = kind === 'value' && value === undefined;
    const given = takesNext ? after[0] : value;
    if (takesNext && given === undefined) return { problem: `the flag -${name} has no value` };
    seen.add(name);
    if (decidesPackages(name)) flags.push(given === undefined ? `-${name}` : `-${name}=${given}`);
    rest = takesNext ? after.slice(1) : after;
    if (verb === 'test' && packages.length > 0 && rest[0]?.startsWith('-') === false) break;
  }
  return { flags, packages, seen };
}

/** Help is no work, modules are no packages, and without imports nothing is to be fetched. */
const STOPS: ReadonlySet<string> = new Set(['find', 'h', 'help', 'm']);

function packagesAtStart(verb: Verb, words: readonly string[]): readonly string[] {
  const end = words.findIndex((word) => word.startsWith('-') && word !== '-');
  const named = end === -1 || verb !== 'test' ? words : words.slice(0, end);
  if (verb !== 'run') return named;
  // The first package alone, or all Go files up to the first argument.
  const argument = words.findIndex((word) => !word.endsWith('.go'));
  const files = argument === -1 ? words : words.slice(0, argument);
  return files.length > 0 ? files : words.slice(0, 1);
}

function none(reason: string): DownloadPlan {
  return { kind: 'none', reason };
}
