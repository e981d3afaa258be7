import { checkFilePath } from '../../gomod/path/index.ts';
import { MAXIMUM_CONTENT_BYTES, MAXIMUM_GO_MOD_BYTES, MAXIMUM_LICENSE_BYTES } from './limits.ts';

export interface NamedEntry {
  readonly name: string;
  readonly contentBytes: number;
}

export type NameVerdict =
  | { readonly kind: 'good' }
  | { readonly kind: 'names'; readonly problem: string }
  | { readonly kind: 'limits'; readonly problem: string };

interface Seen {
  readonly path: string;
  readonly directory: boolean;
}

/** Module zip rules on names and sizes (module reference, "Module zip files"); names without prefix. */
export function checkNames(entries: Iterable<NamedEntry>): NameVerdict {
  const seen = new Map<string, Seen>();
  let names: string | undefined;
  let total = 0;
  for (const { name, contentBytes } of entries) {
    if (name === '') {
      continue;
    }
    const directory = name.endsWith('/');
    const path = directory ? name.slice(0, -1) : name;
    const problem = checkName(path, directory, seen);
    if (problem !== undefined) {
      names ??= problem;
      continue;
    }
    if (directory) {
      continue;
    }
    total += contentBytes;
    const limit = checkSize(path, contentBytes, total);
    if (limit !== undefined) {
      return { kind: 'limits', problem: limit };
    }
  }
  return names === undefined ? { kind: 'good' } : { kind: 'names', problem: names };
}

function checkName(path: string, directory: boolean, seen: Map<string, Seen>): string | undefined {
  if (path === '' || path.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    return `${path}: file path is not clean`;
  }
  const malformed = checkFilePath(path) ?? checkCollision(path, directory, seen);
  if (malformed !== undefined) {
    return malformed;
  }
  if (!directory && /(^|\/)go\.mod$/i.test(path) && path !== 'go.mod') {
    return path.includes('/')
      ? `${path}: go.mod file not in module root directory`
      : `${path}: go.mod files must have lowercase names`;
  }
  return undefined;
}

function checkCollision(
  path: string,
  directory: boolean,
  seen: Map<string, Seen>,
): string | undefined {
  let current = path;
  let isDirectory = directory;
  for (;;) {
    const folded = foldCase(current);
    const other = seen.get(folded);
    if (other === undefined) {
      seen.set(folded, { path: current, directory: isDirectory });
    } else if (other.path !== current) {
      return `case-insensitive file name collision: "${other.path}" and "${current}"`;
    } else if (other.directory !== isDirectory) {
      return `entry "${current}" is both a file and a directory`;
    } else if (!isDirectory) {
      return `multiple entries for file "${current}"`;
    }
    const slash = current.lastIndexOf('/');
    if (slash < 0) {
      return undefined;
    }
    current = current.slice(0, slash);
    isDirectory = true;
  }
}

/** Equal for two names exactly when Go's strings.EqualFold calls them equal. */
function foldCase(name: string): string {
  if (/^[\x20-\x40\x5b-\x7e]*$/.test(name)) {
    return name;
  }
  let folded = '';
  for (const character of name) {
    // The dotless i has no equal but itself, although its capital is I.
    const upper = character === '\u0131' ? character : single(character.toUpperCase(), character);
    folded += single(upper.toLowerCase(), upper);
  }
  return folded;
}

function single(mapped: string, character: string): string {
  const codePoints = Array.from(mapped).length;
  return codePoints === 1 ? mapped : character;
}

function checkSize(path: string, contentBytes: number, total: number): string | undefined {
  if (total > MAXIMUM_CONTENT_BYTES) {
    return `its content is larger than ${MAXIMUM_CONTENT_BYTES} bytes`;
  }
  if (path === 'go.mod' && contentBytes > MAXIMUM_GO_MOD_BYTES) {
    return `its go.mod is larger than ${MAXIMUM_GO_MOD_BYTES} bytes`;
  }
  if (path === 'LICENSE' && contentBytes > MAXIMUM_LICENSE_BYTES) {
    return `its LICENSE is larger than ${MAXIMUM_LICENSE_BYTES} bytes`;
  }
  return undefined;
}
