import { bad, good, type Parsed } from './parsed.ts';

/**
 * Go's list of module path patterns (GOPRIVATE): globs separated by commas. Go ignores a malformed
 * pattern; here it is an error, because ignoring one would send a private name to a public server.
 */
export function parsePatterns(text: string): Parsed<string> {
  const patterns = text
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');
  for (const pattern of patterns) {
    const problem = problemOf(pattern);
    if (problem !== undefined) return bad(`has the pattern ${JSON.stringify(pattern)}, ${problem}`);
  }
  return good(patterns.join(','));
}

function problemOf(pattern: string): string | undefined {
  if (pattern.includes('://')) return 'which is a URL; write a module path without the scheme';
  if (/\s/.test(pattern)) return 'which has a space; separate patterns with commas';
  if (pattern.startsWith('/')) return 'which begins with a slash; module paths do not';
  if (pattern.endsWith('\\')) return 'which ends in a backslash';
  const classes = pattern.replaceAll(/\\./g, '').replaceAll(/\[\^?[^\]]+\]/g, '');
  if (classes.includes('[')) return 'which has a [ without its ]';
  return undefined;
}
