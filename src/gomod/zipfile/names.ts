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

/** A spelling of a path; one object for each, so that equal paths are compared at once. */
interface Spelling {
  readonly path: string;
  readonly inside: Map<string, Spelling>;
}

/** A path as it is where case is ignored, with the spelling that came first. */
interface Place {
  readonly spelling: Spelling;
  readonly isDirectory: boolean;
  readonly inside: Map<string, Place>;
}

function spellingIn(parent: Spelling, element: string, path: string): Spelling {
  const known = parent.inside.get(element);
  if (known !== undefined) return known;
  const spelling: Spelling = { path, inside: new Map() };
  parent.inside.set(element, spelling);
  return spelling;
}

function conflict(spelling: Spelling, isDirectory: boolean, place: Place): string | undefined {
  const { path } = spelling;
  if (spelling !== place.spelling) {
    return `case-insensitive file name collision: ${quote(place.spelling.path)} and ${quote(path)}`;
  }
  if (isDirectory !== place.isDirectory)
    return `entry ${quote(path)} is both a file and a directory`;
  return isDirectory ? undefined : `multiple entries for file ${quote(path)}`;
}

/**
 * Finds names that would be one file where case is ignored, directories included. Trees, because a name may have thirty
 * thousand elements and each of its parents counts.
 */
export class CollisionChecker {
  readonly #spellings: Spelling = { path: '', inside: new Map() };
  readonly #places = new Map<string, Place>();

  /** The conflict of the deepest element that has one, as in Go. */
  check(path: string, isDirectory: boolean): string | undefined {
    let spelling = this.#spellings;
    let places = this.#places;
    let deepest: string | undefined;
    for (let start = 0; start <= path.length;) {
      const slash = path.indexOf('/', start);
      const end = slash < 0 ? path.length : slash;
      const element = path.slice(start, end);
      const isInnerDirectory = slash >= 0 || isDirectory;
      spelling = spellingIn(spelling, element, path.slice(0, end));
      const folded = foldCase(element);
      const place = places.get(folded) ?? {
        spelling,
        isDirectory: isInnerDirectory,
        inside: new Map(),
      };
      if (places.has(folded)) deepest = conflict(spelling, isInnerDirectory, place) ?? deepest;
      places.set(folded, place);
      places = place.inside;
      start = end + 1;
    }
    return deepest;
  }
}
