import { trimSpace, unquote } from '../text/index.ts';

/** Finds the module path in a go.mod file that may be broken elsewhere; empty when there is none. */
export function modulePathOf(text: string): string {
  for (const line of text.split('\n')) {
    const comment = line.indexOf('//');
    const directive = trimSpace(comment < 0 ? line : line.slice(0, comment));
    if (!directive.startsWith('module')) continue;
    const rest = directive.slice('module'.length);
    const path = trimSpace(rest);
    if (path.length === rest.length || path === '') continue;
    return /^["`]/.test(path) ? (unquote(path) ?? '') : path;
  }
  return '';
}
