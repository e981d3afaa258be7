import { quote } from '../text/index.ts';

/** Reports whether Go's `path.Clean` leaves a path as it is. */
export function isCleanPath(path: string): boolean {
  if (path === '/' || path === '.') return true;
  const isRooted = path.startsWith('/');
  let isInside = isRooted;
  for (const element of (isRooted ? path.slice(1) : path).split('/')) {
    if (element === '' || element === '.') return false;
    if (element === '..' && isInside) return false;
    if (element !== '..') isInside = true;
  }
  return true;
}

/**
 * Gives names that Go's `strings.EqualFold` finds equal the same text: simple case folding, in which one character never
 * becomes two.
 */
function foldCase(text: string): string {
  if (/^[\p{ASCII}--[A-Z]]*$/v.test(text)) return text;
  let folded = '';
  for (const character of text) {
    const upper = character.toUpperCase();
    const single = character !== 'ı' && Array.from(upper).length === 1 ? upper : character;
    const lower = single.toLowerCase();
    folded += Array.from(lower).length === 1 ? lower : single;
  }
  return folded;
}

interface SeenName {
  readonly name: string;
  readonly isDirectory: boolean;
}

function conflict(name: string, isDirectory: boolean, seen: SeenName): string | undefined {
  if (name !== seen.name)
    return `case-insensitive file name collision: ${quote(seen.name)} and ${quote(name)}`;
  if (isDirectory !== seen.isDirectory)
    return `entry ${quote(name)} is both a file and a directory`;
  return isDirectory ? undefined : `multiple entries for file ${quote(name)}`;
}

/** Finds names that would be one file where case is ignored, directories included. */
export class CollisionChecker {
  readonly #seen = new Map<string, SeenName>();

  check(path: string, isDirectory: boolean): string | undefined {
    let name = path;
    let isParent = isDirectory;
    for (;;) {
      const folded = foldCase(name);
      const seen = this.#seen.get(folded);
      if (seen === undefined) this.#seen.set(folded, { name, isDirectory: isParent });
      const problem = seen === undefined ? undefined : conflict(name, isParent, seen);
      if (problem !== undefined) return problem;
      const slash = name.lastIndexOf('/');
      if (slash < 0) return undefined;
      name = name.slice(0, slash);
      isParent = true;
    }
  }
}
