import { good, type Parsed } from './parsed.ts';

/** `none` takes a limit away; everything else is read as the limit. */
export function unlessNone<T>(
  parse: (text: string) => Parsed<T>,
): (text: string) => Parsed<T | undefined> {
  return (text) => (/^none$/iu.test(text) ? good(undefined) : parse(text));
}
