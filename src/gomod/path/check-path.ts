import { isLetter, quote, quoteCharacter } from '../text/index.ts';
import { splitPathMajor } from './path-major.ts';

// Module, import and file paths: https://go.dev/ref/mod#go-mod-file-ident

type PathKind = 'module' | 'import' | 'file';

/** Names that Windows keeps for devices, whatever the case and whatever follows a dot. */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])$/i;

const MODULE_CHARACTERS = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const FILE_CHARACTERS = `${MODULE_CHARACTERS}!#$%&()+,=@[]^{} `;

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

const ALLOWED: Readonly<Record<PathKind, Uint8Array>> = {
  module: tableOf(MODULE_CHARACTERS),
  import: tableOf(`${MODULE_CHARACTERS}+`),
  file: tableOf(FILE_CHARACTERS),
};

const SLASH = 0x2f;

function isAllowed(codePoint: number, kind: PathKind): boolean {
  if (codePoint < 128) return ALLOWED[kind][codePoint] === 1;
  return kind === 'file' && isLetter(codePoint);
}

function firstRefusedCharacter(element: string, kind: PathKind): number | undefined {
  for (let index = 0; index < element.length; index++) {
    const codePoint = element.codePointAt(index) ?? 0;
    if (!isAllowed(codePoint, kind)) return codePoint;
    if (codePoint > 0xffff) index++;
  }
  return undefined;
}

/** Says what is wrong with one path element, if anything. */
export function checkElement(element: string, kind: PathKind): string | undefined {
  if (element === '') return 'empty path element';
  if (/^\.+$/.test(element)) return `invalid path element ${quote(element)}`;
  if (kind === 'module' && element.startsWith('.')) return 'leading dot in path element';
  if (element.endsWith('.')) return 'trailing dot in path element';
  const refused = firstRefusedCharacter(element, kind);
  if (refused !== undefined) return `invalid char ${quoteCharacter(refused)}`;
  const dot = element.indexOf('.');
  const stem = dot < 0 ? element : element.slice(0, dot);
  if (stem.length <= 4 && WINDOWS_DEVICE.test(stem)) {
    return `${quote(stem)} disallowed as path element component on Windows`;
  }
  // `name~1` is how Windows shortens long names; two different paths could then be one file.
  if (kind !== 'file' && stem.includes('~') && /~\d+$/.test(stem))
    return 'trailing tilde and digits in path element';
  return undefined;
}

function checkElements(path: string, kind: PathKind): string | undefined {
  if (!path.isWellFormed()) return 'invalid UTF-8';
  if (path === '') return 'empty string';
  if (kind !== 'file' && path.startsWith('-')) return 'leading dash';
  if (path.includes('//')) return 'double slash';
  if (path.charCodeAt(path.length - 1) === SLASH) return 'trailing slash';
  let start = 0;
  while (start <= path.length) {
    const slash = path.indexOf('/', start);
    const end = slash < 0 ? path.length : slash;
    const problem = checkElement(path.slice(start, end), kind);
    if (problem !== undefined) return problem;
    start = end + 1;
  }
  return undefined;
}

function checkFirstElement(path: string): string | undefined {
  const slash = path.indexOf('/');
  const first = slash < 0 ? path : path.slice(0, slash);
  if (!first.includes('.')) return 'missing dot in first path element';
  const refused = /[^a-z0-9.-]/.exec(first);
  if (refused !== null)
    return `invalid char ${quoteCharacter(refused[0].charCodeAt(0))} in first path element`;
  return undefined;
}

function malformed(kind: PathKind, path: string, reason: string | undefined): string | undefined {
  return reason === undefined ? undefined : `malformed ${kind} path ${quote(path)}: ${reason}`;
}

/** Says what is wrong with a module path; undefined when it is valid. */
export function checkModulePath(path: string): string | undefined {
  const reason = checkElements(path, 'module') ?? checkFirstElement(path);
  if (reason !== undefined) return malformed('module', path, reason);
  return splitPathMajor(path) === undefined
    ? malformed('module', path, 'invalid version')
    : undefined;
}

/** Says what is wrong with the import path of a package. */
export function checkImportPath(path: string): string | undefined {
  return malformed('import', path, checkElements(path, 'import'));
}

/** Says what is wrong with the slash-separated path of a file inside a module. */
export function checkFilePath(path: string): string | undefined {
  return malformed('file', path, checkElements(path, 'file'));
}
