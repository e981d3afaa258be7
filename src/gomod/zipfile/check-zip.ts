import { checkFilePath, checkModuleVersion } from '../path/index.ts';
import { parsed, quote, refused, type Parsed } from '../text/index.ts';
import { canonicalModuleVersion } from '../version/index.ts';
import { checkFileSize, MAX_ZIP_SIZE } from './limits.ts';
import { CollisionChecker, isCleanPath } from './names.ts';
import type { Violation } from './violation.ts';

// Module zips: https://go.dev/ref/mod#zip-path-size-constraints

/** An entry of the zip's directory, decoded so that broken UTF-8 shows as lone surrogates (`decodeText`). */
export interface ZipEntry {
  /** A slash at its end makes it a directory. */
  readonly name: string;
  /** The declared uncompressed size; whoever reads the entry makes sure that it is true. */
  readonly size: number;
}

export interface ZipVerdict {
  /** Names of the files that are in order. */
  readonly valid: readonly string[];
  readonly violations: readonly Violation[];
}

/** Says what is wrong with the spelling or place of a go.mod file. */
function checkGoModName(name: string): string | undefined {
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (base.length !== 'go.mod'.length || base.toLowerCase() !== 'go.mod') return undefined;
  if (base !== name) return 'go.mod file not in module root directory';
  return name === 'go.mod' ? undefined : 'go.mod files must have lowercase names';
}

interface EntryVerdict {
  readonly violation?: Violation;
  /** Name of the file inside the module; absent for directories and refused names. */
  readonly file?: string;
}

function checkEntryName(
  entry: ZipEntry,
  prefix: string,
  collisions: CollisionChecker,
): EntryVerdict {
  if (!entry.name.startsWith(prefix)) {
    const problem = `path does not have prefix ${quote(prefix)}`;
    return { violation: { class: 'prefix', entry: entry.name, problem } };
  }
  const inside = entry.name.slice(prefix.length);
  if (inside === '') return {};
  const isDirectory = inside.endsWith('/');
  const name = isDirectory ? inside.slice(0, -1) : inside;
  const problem =
    (isCleanPath(name) ? undefined : 'file path is not clean') ??
    checkFilePath(name) ??
    collisions.check(name, isDirectory) ??
    (isDirectory ? undefined : checkGoModName(name));
  if (problem !== undefined) return { violation: { class: 'name', entry: entry.name, problem } };
  return isDirectory ? {} : { file: name };
}

function checkEntries(entries: readonly ZipEntry[], prefix: string): ZipVerdict {
  const valid: string[] = [];
  const violations: Violation[] = [];
  const collisions = new CollisionChecker();
  let total = 0;
  let isTooLarge = false;
  for (const entry of entries) {
    const { violation, file } = checkEntryName(entry, prefix, collisions);
    if (violation !== undefined) violations.push(violation);
    if (file === undefined) continue;
    if (total + entry.size <= MAX_ZIP_SIZE) total += entry.size;
    else isTooLarge = true;
    const problem = checkFileSize(file, entry.size);
    if (problem === undefined) valid.push(entry.name);
    else violations.push({ class: 'size', entry: entry.name, problem });
  }
  if (isTooLarge) {
    const problem = `total uncompressed size of module contents too large (max size is ${MAX_ZIP_SIZE} bytes)`;
    violations.push({ class: 'size', problem });
  }
  return { valid, violations };
}

/**
 * Judges a module zip by its directory, as `go` does before it unpacks one. Refused only when the path and the version
 * themselves are malformed.
 */
export function checkZip(
  module: { readonly path: string; readonly version: string },
  zipSize: number,
  entries: readonly ZipEntry[],
): Parsed<ZipVerdict> {
  const canonical = canonicalModuleVersion(module.version);
  if (canonical !== module.version) {
    return refused(
      `version ${quote(module.version)} is not canonical (should be ${quote(canonical)})`,
    );
  }
  const problem = checkModuleVersion(module.path, module.version);
  if (problem !== undefined) return refused(problem);
  if (zipSize > MAX_ZIP_SIZE) {
    const tooLarge = `module zip file is too large (${zipSize} bytes; limit is ${MAX_ZIP_SIZE} bytes)`;
    return parsed({ valid: [], violations: [{ class: 'size', problem: tooLarge }] });
  }
  return parsed(checkEntries(entries, `${module.path}@${module.version}/`));
}
