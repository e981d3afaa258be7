import { checkFilePath } from '../path/index.ts';
import { compareGoVersions } from '../version/index.ts';
import { checkFileSize, MAX_ZIP_SIZE } from './limits.ts';
import { CollisionChecker, isCleanPath } from './names.ts';
import type { Violation } from './violation.ts';

/** A file of a source tree of which a module zip is to be made; its name is relative to the module's root. */
export interface SourceFile {
  readonly name: string;
  readonly size: number;
  readonly mode: 'regular' | 'directory' | 'symlink' | 'irregular';
}

export interface SourceVerdict {
  readonly valid: readonly string[];
  /** Files that a zip leaves out, with Go's reason. */
  readonly omitted: readonly { readonly name: string; readonly reason: string }[];
  readonly violations: readonly Violation[];
}

/** Since this language version `vendor` directories below the root are judged rightly; older zips keep their hashes. */
const FIRST_WITH_RIGHT_VENDOR_RULE = '1.24';

/** Reports whether a file belongs to a vendored package, which a module zip leaves out (golang.org/issue/37397). */
function isVendored(name: string, goVersion: string): boolean {
  const isRight = compareGoVersions(goVersion, FIRST_WITH_RIGHT_VENDOR_RULE) >= 0;
  if (isRight && name === 'vendor/modules.txt') return true;
  let start = 'vendor/'.length;
  if (!name.startsWith('vendor/')) {
    const nested = name.indexOf('/vendor/');
    if (nested < 0) return false;
    start = isRight ? nested + '/vendor/'.length : '/vendor/'.length;
  }
  return name.slice(start).includes('/');
}

function directoryOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/') + 1);
}

function isGoMod(name: string): boolean {
  const base = name.slice(directoryOf(name).length);
  return base.length === 'go.mod'.length && base.toLowerCase() === 'go.mod';
}

/** Directories with a go.mod of their own are other modules. */
function isInSubmodule(name: string, roots: ReadonlySet<string>): boolean {
  for (
    let directory = directoryOf(name);
    directory !== '';
    directory = directoryOf(directory.slice(0, -1))
  ) {
    if (roots.has(directory)) return true;
  }
  return false;
}

type Judgement = { readonly omit: string } | { readonly refuse: string } | undefined;

function refuseIf(problem: string | undefined): Judgement {
  return problem === undefined ? undefined : { refuse: problem };
}

function omitIf(condition: boolean, reason: string): Judgement {
  return condition ? { omit: reason } : undefined;
}

function judgeName(name: string, goVersion: string, roots: ReadonlySet<string>): Judgement {
  return (
    refuseIf(isCleanPath(name) ? undefined : 'file path is not clean') ??
    refuseIf(name.startsWith('/') ? 'file path is not relative' : undefined) ??
    omitIf(isVendored(name, goVersion), 'file is in vendor directory') ??
    omitIf(isInSubmodule(name, roots), 'file is in another module') ??
    omitIf(name === '.hg_archival.txt', "file is inserted by 'hg archive' and is always omitted") ??
    refuseIf(checkFilePath(name)) ??
    refuseIf(
      name !== 'go.mod' && name.toLowerCase() === 'go.mod'
        ? 'go.mod files must have lowercase names'
        : undefined,
    )
  );
}

function judgeMode(file: SourceFile): Judgement {
  if (file.mode === 'symlink') return { omit: 'file is a symbolic link' };
  return omitIf(file.mode !== 'regular', 'not a regular file');
}

/**
 * Chooses the files of a module zip from a source tree. `goVersion` is the language version (`1.24`) of the go.mod at
 * the root, empty without one.
 */
export function checkFiles(files: readonly SourceFile[], goVersion: string): SourceVerdict {
  const roots = new Set(
    files
      .filter((file) => isGoMod(file.name) && file.mode === 'regular')
      .map(({ name }) => directoryOf(name)),
  );
  const collisions = new CollisionChecker();
  const reported = new Set<string>();
  const valid: string[] = [];
  const omitted: { name: string; reason: string }[] = [];
  const violations: Violation[] = [];
  let total = 0;
  let isTooLarge = false;
  for (const file of files) {
    const { name, size } = file;
    const judgement =
      judgeName(name, goVersion, roots) ??
      refuseIf(collisions.check(name, file.mode === 'directory')) ??
      judgeMode(file);
    if (judgement === undefined) {
      if (total + size <= MAX_ZIP_SIZE) total += size;
      else isTooLarge = true;
    }
    const limit = judgement === undefined ? checkFileSize(name, size) : undefined;
    if (judgement === undefined && limit === undefined) {
      valid.push(name);
      continue;
    }
    if (reported.has(name)) continue;
    reported.add(name);
    if (limit !== undefined) violations.push({ class: 'size', entry: name, problem: limit });
    else if (judgement !== undefined && 'omit' in judgement)
      omitted.push({ name, reason: judgement.omit });
    else if (judgement !== undefined)
      violations.push({ class: 'name', entry: name, problem: judgement.refuse });
  }
  if (isTooLarge)
    violations.push({
      class: 'size',
      problem: `module source tree too large (max size is ${MAX_ZIP_SIZE} bytes)`,
    });
  return { valid, omitted, violations };
}
