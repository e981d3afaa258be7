import { matchesPatterns } from '../gomod/path/index.ts';

/** The first pattern of a list such as GOPRIVATE that names this module, or undefined. */
export function matchingPattern(list: string, path: string): string | undefined {
  return list.split(',').find((pattern) => matchesPatterns(pattern, path));
}
