import { withoutPrefixes } from './prefixes.ts';
import { unwrap } from './unwrap.ts';

/** Colours, cursor movements, titles; an escape without end is cut with its line. */
const TERMINAL_CODES =
  /\u001B(?:\[[0-9;:?]{0,32}[ -/]{0,4}[@-~]|[\]P_^X][^\u0007\u001B]{0,300}(?:\u0007|\u001B\\)?|[@-Z\\-_()=>])|\u009B[0-9;]{0,32}[@-~]/g;
/** Control characters but TAB. */
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;
const HAS_CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/;

/**
 * One line of a log as the lines that a tool wrote: without colours, progress, timestamps and
 * prefixes, and taken out of JSON and quotes. A leading TAB stays.
 */
export function normaliseLine(line: string): readonly string[] {
  if (!HAS_CONTROLS.test(line)) return finish(line);
  return line
    .replaceAll(TERMINAL_CODES, '')
    .split('\r')
    .map((part) => part.replaceAll(CONTROLS, ''))
    .filter((part, index) => part !== '' || index === 0)
    .flatMap(finish);
}

function finish(line: string): readonly string[] {
  const bare = withoutPrefixes(line);
  const isPlain = !bare.includes('\\') && !bare.startsWith('{') && !bare.includes('="');
  if (isPlain) return [bare.trimEnd()];
  return unwrap(bare).map((inner) => withoutPrefixes(inner).trimEnd());
}
