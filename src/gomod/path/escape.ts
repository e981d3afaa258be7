import { parsed, quote, refused, type Parsed } from '../text/index.ts';
import { checkElement, checkModulePath } from './check-path.ts';

// Case escaping: https://go.dev/ref/mod#goproxy-protocol ("!" and the lower-case letter for each upper-case one), so that
// two modules that differ in case never meet in one file of a file system that ignores case.

const UPPER_CASE = /[A-Z]/g;
const ESCAPED = /!([a-z])/g;
const WELL_ESCAPED = /^(?:[^!A-Z\u0080-\uffff]|![a-z])*$/;

function escapeUpperCase(text: string): string {
  return text.replace(UPPER_CASE, (letter) => `!${letter.toLowerCase()}`);
}

function unescape(escaped: string): string | undefined {
  if (!WELL_ESCAPED.test(escaped)) return undefined;
  return escaped.includes('!')
    ? escaped.replace(ESCAPED, (_, letter: string) => letter.toUpperCase())
    : escaped;
}

export function escapePath(path: string): Parsed<string> {
  const problem = checkModulePath(path);
  return problem === undefined ? parsed(escapeUpperCase(path)) : refused(problem);
}

export function unescapePath(escaped: string): Parsed<string> {
  const path = unescape(escaped);
  if (path === undefined) return refused(`invalid escaped module path ${quote(escaped)}`);
  const problem = checkModulePath(path);
  if (problem !== undefined)
    return refused(`invalid escaped module path ${quote(escaped)}: ${problem}`);
  return parsed(path);
}

/** Escapes a version or a query such as a branch name. */
export function escapeVersion(version: string): Parsed<string> {
  if (checkElement(version, 'file') !== undefined || version.includes('!')) {
    return refused(`version ${quote(version)} invalid: disallowed version string`);
  }
  // The element rules let letters of every script pass, escaping does not; the sentence is Go's.
  if (/[\u0080-\uffff]/.test(version))
    return refused('internal error: inconsistency in EscapePath');
  return parsed(escapeUpperCase(version));
}

export function unescapeVersion(escaped: string): Parsed<string> {
  const version = unescape(escaped);
  if (version === undefined) return refused(`invalid escaped version ${quote(escaped)}`);
  const problem = checkElement(version, 'file');
  if (problem !== undefined)
    return refused(`invalid escaped version ${quote(version)}: ${problem}`);
  return parsed(version);
}
