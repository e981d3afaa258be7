import { isPrintable, parsed, quote, refused, unquote, type Parsed } from '../text/index.ts';
import { canonicalModuleVersion } from '../version/index.ts';
import { aboutModule } from './problem.ts';

/** The arguments of one directive: tokens of a line from `first` on. Reading one rewrites it in its canonical form. */
export interface Arguments {
  readonly tokens: string[];
  readonly first: number;
}

export function countOf(args: Arguments): number {
  return args.tokens.length - args.first;
}

export function argumentAt(args: Arguments, index: number): string {
  return args.tokens[args.first + index] ?? '';
}

export function setArgument(args: Arguments, index: number, token: string): void {
  args.tokens[args.first + index] = token;
}

/** Reports whether a value needs quotes to be one token. */
function mustQuote(value: string): boolean {
  if (value === '' || value.includes('//') || value.includes('/*')) return true;
  for (const character of value) {
    if (' "\'`'.includes(character)) return true;
    if ('()[]{},'.includes(character)) {
      if (value.length > 1) return true;
    } else if (character.isWellFormed() && !isPrintable(character.codePointAt(0) ?? 0)) {
      return true;
    }
  }
  return false;
}

export function autoQuote(value: string): string {
  return mustQuote(value) ? quote(value) : value;
}

function valueOf(token: string): Parsed<string> {
  if (token.startsWith('"')) {
    const value = unquote(token);
    return value === undefined ? refused('invalid syntax') : parsed(value);
  }
  // Other quotes are kept for later: 'x' must not become a name with quotes in it.
  return /["'`]/.test(token) ? refused('unquoted string cannot contain quote') : parsed(token);
}

export function readString(args: Arguments, index: number): Parsed<string> {
  const value = valueOf(argumentAt(args, index));
  if (value.ok) setArgument(args, index, autoQuote(value.value));
  return value.ok ? value : refused(`invalid quoted string: ${value.problem}`);
}

function readVersionToken(
  args: Arguments,
  index: number,
  verb: string,
  path: string,
): Parsed<string> {
  const token = argumentAt(args, index);
  const value = valueOf(token);
  if (value.ok) return value;
  return refused(aboutModule(verb, path, `version ${quote(token)} invalid: ${value.problem}`));
}

/** Reads a version and makes it canonical: `v1.2` becomes `v1.2.0`. */
export function readVersion(
  args: Arguments,
  index: number,
  verb: string,
  path: string,
): Parsed<string> {
  const value = readVersionToken(args, index, verb, path);
  if (!value.ok) return value;
  const version = canonicalModuleVersion(value.value);
  if (version === '') {
    const reason = `version ${quote(value.value)} invalid: must be of the form v1.2.3`;
    return refused(aboutModule(verb, path, reason));
  }
  setArgument(args, index, version);
  return parsed(version);
}

/** Reads a version of a `retract` directive, which Go takes as it is. */
function readRetractedVersion(args: Arguments, index: number): Parsed<string> {
  const value = readVersionToken(args, index, 'retract', '');
  if (value.ok) setArgument(args, index, value.value);
  return value;
}

/** A closed range of versions; a single version is its own low and high end. */
export interface VersionInterval {
  readonly low: string;
  readonly high: string;
}

interface ReadInterval {
  readonly interval: VersionInterval;
  /** How many arguments it took. */
  readonly length: number;
}

/** Reads `v1.0.0` or `[v1.0.0, v1.9.9]`. */
export function readVersionInterval(args: Arguments): Parsed<ReadInterval> {
  const count = countOf(args);
  const opening = argumentAt(args, 0);
  if (count === 0 || opening === '(') return refused("expected '[' or version");
  if (opening !== '[') {
    const version = readRetractedVersion(args, 0);
    return version.ok
      ? parsed({ interval: { low: version.value, high: version.value }, length: 1 })
      : version;
  }
  if (count < 2) return refused("expected version after '['");
  const low = readRetractedVersion(args, 1);
  if (!low.ok) return low;
  if (argumentAt(args, 2) !== ',') return refused("expected ',' after version");
  if (count < 4) return refused("expected version after ','");
  const high = readRetractedVersion(args, 3);
  if (!high.ok) return high;
  if (argumentAt(args, 4) !== ']') return refused("expected ']' after version");
  return parsed({ interval: { low: low.value, high: high.value }, length: 5 });
}

/** Reports whether the target of a replacement is a directory: rooted, or starting with `.` or `..`, as Unix or Windows writes it. */
export function isDirectoryPath(path: string): boolean {
  return path === '.' || path === '..' || /^(?:\.{0,2}[/\\]|[A-Za-z]:)/.test(path);
}
