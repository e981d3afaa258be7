import { checkPathMajor, splitPathMajor } from '../path/index.ts';
import { quote } from '../text/index.ts';
import { canonicalModuleVersion, majorOf } from '../version/index.ts';
import { isGoDirectiveVersion, isToolchainName } from './directives.ts';
import { addLine, removeLine, updateLine } from './edit-syntax.ts';
import type { Modfile, ModuleVersion, PathDirective } from './modfile.ts';
import { sortBlocks } from './sort-blocks.ts';
import type { Line } from './syntax.ts';
import { autoQuote, type VersionInterval } from './tokens.ts';

/** One change, as the flag of `go mod edit` of the same name makes it. */
export type ModfileEdit =
  | { readonly kind: 'module'; readonly path: string }
  | { readonly kind: 'go'; readonly version: string }
  | { readonly kind: 'dropgo' }
  | { readonly kind: 'toolchain'; readonly name: string }
  | { readonly kind: 'droptoolchain' }
  | { readonly kind: 'godebug'; readonly key: string; readonly value: string }
  | { readonly kind: 'dropgodebug'; readonly key: string }
  | { readonly kind: 'require'; readonly path: string; readonly version: string }
  | { readonly kind: 'droprequire'; readonly path: string }
  | { readonly kind: 'exclude'; readonly path: string; readonly version: string }
  | { readonly kind: 'dropexclude'; readonly path: string; readonly version: string }
  | { readonly kind: 'replace'; readonly old: ModuleVersion; readonly new: ModuleVersion }
  | { readonly kind: 'dropreplace'; readonly path: string; readonly version: string }
  | { readonly kind: 'retract'; readonly interval: VersionInterval; readonly rationale?: string }
  | { readonly kind: 'dropretract'; readonly interval: VersionInterval }
  | { readonly kind: 'tool' | 'droptool' | 'ignore' | 'dropignore'; readonly path: string };

type EditOf<Kind extends ModfileEdit['kind']> = Extract<ModfileEdit, { readonly kind: Kind }>;

/** Removes the lines of those that match and returns the others. */
function drop<T extends { readonly line: Line }>(
  list: readonly T[],
  matches: (item: T) => boolean,
): T[] {
  return list.filter((item) => {
    const isDropped = matches(item);
    if (isDropped) removeLine(item.line);
    return !isDropped;
  });
}

function setModule(file: Modfile, path: string): void {
  const tokens = ['module', autoQuote(path)];
  if (file.module === undefined) {
    file.module = { path, deprecated: '', line: addLine(file.syntax, 'with its kind', tokens) };
  } else {
    file.module.path = path;
    updateLine(file.module.line, tokens);
  }
}

function setGo(file: Modfile, version: string): string | undefined {
  if (!isGoDirectiveVersion(version)) return `invalid language version ${quote(version)}`;
  const tokens = ['go', version];
  if (file.go === undefined) {
    file.go = { version, line: addLine(file.syntax, file.module?.line ?? 'with its kind', tokens) };
  } else {
    file.go.version = version;
    updateLine(file.go.line, tokens);
  }
  return undefined;
}

function setToolchain(file: Modfile, name: string): string | undefined {
  if (!isToolchainName(name)) return `invalid toolchain name ${quote(name)}`;
  const tokens = ['toolchain', name];
  if (file.toolchain === undefined) {
    file.toolchain = {
      name,
      line: addLine(file.syntax, file.go?.line ?? file.module?.line ?? 'with its kind', tokens),
    };
  } else {
    file.toolchain.name = name;
    updateLine(file.toolchain.line, tokens);
  }
  return undefined;
}

/** Keeps the first of several directives for one thing, so that its comments stay, and drops the others. */
function keepFirst<T extends { readonly line: Line }>(
  list: readonly T[],
  matches: (item: T) => boolean,
): { readonly first: T | undefined; readonly list: T[] } {
  const first = list.find(matches);
  return { first, list: drop(list, (item) => item !== first && matches(item)) };
}

function setGodebug(file: Modfile, { key, value }: EditOf<'godebug'>): void {
  const tokens = ['godebug', `${key}=${value}`];
  const { first, list } = keepFirst(file.godebug, (setting) => setting.key === key);
  file.godebug = list;
  if (first === undefined) {
    file.godebug.push({ key, value, line: addLine(file.syntax, 'with its kind', tokens) });
  } else {
    first.value = value;
    updateLine(first.line, tokens);
  }
}

function requireModule(file: Modfile, { path, version }: EditOf<'require'>): void {
  const tokens = ['require', autoQuote(path), version];
  const { first, list } = keepFirst(file.require, ({ module }) => module.path === path);
  file.require = list;
  if (first === undefined) {
    const line = addLine(file.syntax, 'with its kind', tokens);
    file.require.push({ module: { path, version }, indirect: false, line });
  } else {
    first.module.version = version;
    updateLine(first.line, tokens);
  }
}

function checkCanonicalVersion(path: string, version: string): string | undefined {
  const split = splitPathMajor(path);
  const pathMajor = split?.pathMajor ?? '';
  if (version === '' || version !== canonicalModuleVersion(version)) {
    const major = pathMajor === '' ? 'v1' : pathMajor.slice(1).replace(/-unstable$/, '');
    return `version ${quote(version)} invalid: must be of the form ${major}.2.3`;
  }
  const mismatch = split === undefined ? undefined : checkPathMajor(version, pathMajor);
  if (mismatch === undefined || pathMajor !== '') return mismatch;
  // Whoever wrote v2.3.4 here most likely meant v2.3.4+incompatible.
  const advice = `should be ${version}+incompatible (or module ${path}/${majorOf(version)})`;
  return `version ${quote(version)} invalid: ${advice}`;
}

function excludeModule(file: Modfile, { path, version }: EditOf<'exclude'>): string | undefined {
  const problem = checkCanonicalVersion(path, version);
  if (problem !== undefined) return problem;
  const samePath = file.exclude.filter(({ module }) => module.path === path);
  if (samePath.some(({ module }) => module.version === version)) return undefined;
  const line = addLine(file.syntax, samePath.at(-1)?.line ?? 'at the end', [
    'exclude',
    autoQuote(path),
    version,
  ]);
  file.exclude.push({ module: { path, version }, line });
  return undefined;
}

function tokensOf(module: ModuleVersion): string[] {
  return module.version === ''
    ? [autoQuote(module.path)]
    : [autoQuote(module.path), module.version];
}

/** Without an old version the new replacement takes the place of all others for the path. */
function replaceModule(file: Modfile, edit: EditOf<'replace'>): void {
  const { old } = edit;
  const tokens = ['replace', ...tokensOf(old), '=>', ...tokensOf(edit.new)];
  const { first, list } = keepFirst(file.replace, (replace) => {
    return (
      replace.old.path === old.path && (old.version === '' || replace.old.version === old.version)
    );
  });
  file.replace = list;
  if (first === undefined) {
    const hint = list.findLast((replace) => replace.old.path === old.path)?.line ?? 'at the end';
    file.replace.push({
      old: { ...old },
      new: { ...edit.new },
      line: addLine(file.syntax, hint, tokens),
    });
  } else {
    first.new = { ...edit.new };
    updateLine(first.line, tokens);
  }
}

function retractVersions(
  file: Modfile,
  { interval, rationale = '' }: EditOf<'retract'>,
): string | undefined {
  const { low, high } = interval;
  const path = file.module?.path ?? '';
  const problem = checkCanonicalVersion(path, high) ?? checkCanonicalVersion(path, low);
  if (problem !== undefined) return problem;
  const versions =
    low === high ? [autoQuote(low)] : ['[', autoQuote(low), ',', autoQuote(high), ']'];
  const line = addLine(file.syntax, 'with its kind', ['retract', ...versions]);
  if (rationale !== '')
    line.before.push(...rationale.split('\n').map((text) => ({ text: `// ${text}` })));
  file.retract.push({ low, high, rationale, line });
  return undefined;
}

function addPath(file: Modfile, list: PathDirective[], verb: string, path: string): void {
  if (list.some((directive) => directive.path === path)) return;
  list.push({ path, line: addLine(file.syntax, 'with its kind', [verb, path]) });
  sortBlocks(file);
}

function dropDirective(file: Modfile, edit: ModfileEdit): void {
  switch (edit.kind) {
    case 'dropgo':
      if (file.go !== undefined) removeLine(file.go.line);
      file.go = undefined;
      break;
    case 'droptoolchain':
      if (file.toolchain !== undefined) removeLine(file.toolchain.line);
      file.toolchain = undefined;
      break;
    case 'dropgodebug':
      file.godebug = drop(file.godebug, ({ key }) => key === edit.key);
      break;
    case 'droprequire':
      file.require = drop(file.require, ({ module }) => module.path === edit.path);
      break;
    case 'dropexclude':
      file.exclude = drop(
        file.exclude,
        ({ module }) => module.path === edit.path && module.version === edit.version,
      );
      break;
    case 'dropreplace':
      file.replace = drop(
        file.replace,
        ({ old }) => old.path === edit.path && old.version === edit.version,
      );
      break;
    case 'dropretract':
      file.retract = drop(
        file.retract,
        ({ low, high }) => low === edit.interval.low && high === edit.interval.high,
      );
      break;
    case 'droptool':
      file.tool = drop(file.tool, ({ path }) => path === edit.path);
      break;
    case 'dropignore':
      file.ignore = drop(file.ignore, ({ path }) => path === edit.path);
      break;
    default:
  }
}

/** Makes one change in a go.mod file, or says why it cannot be made. Comments and layout elsewhere stay as they are. */
export function editModfile(file: Modfile, edit: ModfileEdit): string | undefined {
  switch (edit.kind) {
    case 'module':
      setModule(file, edit.path);
      return undefined;
    case 'go':
      return setGo(file, edit.version);
    case 'toolchain':
      return setToolchain(file, edit.name);
    case 'godebug':
      setGodebug(file, edit);
      return undefined;
    case 'require':
      requireModule(file, edit);
      return undefined;
    case 'exclude':
      return excludeModule(file, edit);
    case 'replace':
      replaceModule(file, edit);
      return undefined;
    case 'retract':
      return retractVersions(file, edit);
    case 'tool':
      addPath(file, file.tool, 'tool', edit.path);
      return undefined;
    case 'ignore':
      addPath(file, file.ignore, 'ignore', edit.path);
      return undefined;
    default:
      dropDirective(file, edit);
      return undefined;
  }
}
