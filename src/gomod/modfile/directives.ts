import { checkPathMajor, splitPathMajor } from '../path/index.ts';
import { parsed, quote, refused, type Parsed } from '../text/index.ts';
import type { DirectiveFile, ModuleVersion, ReplaceDirective } from './modfile.ts';
import { aboutModule } from './problem.ts';
import type { Line, LineBlock } from './syntax.ts';
import {
  argumentAt,
  countOf,
  isDirectoryPath,
  readString,
  readVersion,
  setArgument,
  type Arguments,
} from './tokens.ts';

/** One line to be understood, in the file or in a block. */
export interface Directive extends Arguments {
  readonly verb: string;
  readonly line: Line;
  readonly block: LineBlock | undefined;
  /** False for the go.mod of a dependency, where what only the main module may say is passed over. */
  readonly strict: boolean;
}

/** Understands a directive and adds it to the file, or says what is wrong with it. */
export type DirectiveReader<File> = (file: File, directive: Directive) => string | undefined;

const GO_VERSION = /^[1-9][0-9]*\.(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))?(?:[a-z]+[0-9]+)?$/;
const LAX_GO_VERSION = /^v?([1-9][0-9]*\.(?:0|[1-9][0-9]*))[^0-9].*$/;
/** Looser than any toolchain of today, so that an old `go` reads the names of later ones. */
const TOOLCHAIN = /^default$|^go1(?:$|\.)/;

export function isGoDirectiveVersion(version: string): boolean {
  return GO_VERSION.test(version);
}

export function isToolchainName(name: string): boolean {
  return TOOLCHAIN.test(name);
}

export function readGo(file: DirectiveFile, directive: Directive): string | undefined {
  if (file.go !== undefined) return 'repeated go statement';
  if (countOf(directive) !== 1) return 'go directive expects exactly one argument';
  let version = argumentAt(directive, 0);
  if (!isGoDirectiveVersion(version)) {
    const lax = directive.strict ? undefined : LAX_GO_VERSION.exec(version)?.[1];
    if (lax === undefined) return `invalid go version '${version}': must match format 1.23.0`;
    version = lax;
    setArgument(directive, 0, version);
  }
  file.go = { version, line: directive.line };
  return undefined;
}

export function readToolchain(file: DirectiveFile, directive: Directive): string | undefined {
  if (file.toolchain !== undefined) return 'repeated toolchain statement';
  if (countOf(directive) !== 1) return 'toolchain directive expects exactly one argument';
  const name = argumentAt(directive, 0);
  if (!isToolchainName(name))
    return `invalid toolchain version '${name}': must match format go1.23.0 or default`;
  file.toolchain = { name, line: directive.line };
  return undefined;
}

export function readGodebug(file: DirectiveFile, directive: Directive): string | undefined {
  const setting = argumentAt(directive, 0);
  const equals = setting.indexOf('=');
  if (countOf(directive) !== 1 || /["`',]/.test(setting) || equals < 0)
    return 'usage: godebug key=value';
  file.godebug.push({
    key: setting.slice(0, equals),
    value: setting.slice(equals + 1),
    line: directive.line,
  });
  return undefined;
}

/** Reads the path and the version of a `require` or an `exclude`, which must match in their major versions. */
export function readModuleVersion(directive: Directive): Parsed<ModuleVersion> {
  const { verb } = directive;
  if (countOf(directive) !== 2) return refused(`usage: ${verb} module/path v1.2.3`);
  const path = readString(directive, 0);
  if (!path.ok) return path;
  const version = readVersion(directive, 1, verb, path.value);
  if (!version.ok) return version;
  const split = splitPathMajor(path.value);
  if (split === undefined) return refused('invalid module path');
  const mismatch = checkPathMajor(version.value, split.pathMajor);
  if (mismatch !== undefined) return refused(aboutModule(verb, path.value, mismatch));
  return parsed({ path: path.value, version: version.value });
}

function replaceUsage(verb: string): string {
  return `usage: ${verb} module/path [v1.2.3] => other/module v1.4\n\t or ${verb} module/path [v1.2.3] => ../local/directory`;
}

function readReplaced(directive: Directive, hasVersion: boolean): Parsed<ModuleVersion> {
  const { verb } = directive;
  const path = readString(directive, 0);
  if (!path.ok) return path;
  const split = splitPathMajor(path.value);
  if (split === undefined) return refused(aboutModule(verb, path.value, 'invalid module path'));
  if (!hasVersion) return parsed({ path: path.value, version: '' });
  const version = readVersion(directive, 1, verb, path.value);
  if (!version.ok) return version;
  const mismatch = checkPathMajor(version.value, split.pathMajor);
  if (mismatch !== undefined) return refused(aboutModule(verb, path.value, mismatch));
  return parsed({ path: path.value, version: version.value });
}

function checkReplacementDirectory(path: string): string | undefined {
  if (!isDirectoryPath(path)) {
    if (path.includes('@'))
      return "replacement module must match format 'path version', not 'path@version'";
    return 'replacement module without version must be directory path (rooted or starting with . or ..)';
  }
  return path.includes('\\')
    ? 'replacement directory appears to be Windows path (on a non-windows system)'
    : undefined;
}

function readReplacement(directive: Directive, index: number): Parsed<ModuleVersion> {
  const path = readString(directive, index);
  if (!path.ok) return path;
  if (countOf(directive) === index + 1) {
    const problem = checkReplacementDirectory(path.value);
    return problem === undefined ? parsed({ path: path.value, version: '' }) : refused(problem);
  }
  const version = readVersion(directive, index + 1, directive.verb, path.value);
  if (!version.ok) return version;
  if (isDirectoryPath(path.value)) {
    return refused(`replacement module directory path ${quote(path.value)} cannot have version`);
  }
  return parsed({ path: path.value, version: version.value });
}

function readReplaceDirective(directive: Directive): Parsed<ReplaceDirective> {
  const count = countOf(directive);
  const arrow = count >= 2 && argumentAt(directive, 1) === '=>' ? 1 : 2;
  if (count < arrow + 2 || count > arrow + 3 || argumentAt(directive, arrow) !== '=>') {
    return refused(replaceUsage(directive.verb));
  }
  const old = readReplaced(directive, arrow === 2);
  if (!old.ok) return old;
  const replacement = readReplacement(directive, arrow + 1);
  if (!replacement.ok) return replacement;
  return parsed({ old: old.value, new: replacement.value, line: directive.line });
}

export function readReplace(file: DirectiveFile, directive: Directive): string | undefined {
  const replace = readReplaceDirective(directive);
  if (!replace.ok) return replace.problem;
  file.replace.push(replace.value);
  return undefined;
}
