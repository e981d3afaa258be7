import { decodeEntities, hasEntities } from './entities.ts';
import { withoutPrefixes } from './prefixes.ts';
import { unwrap } from './unwrap.ts';

/** A line that a tool wrote. */
export interface NormalLine {
  readonly text: string;
  /** It stood inside the line of the log, with others or written otherwise: what is known of that is not known of it. */
  readonly isCarried: boolean;
  /** A terminal overwrote it. */
  readonly isOverwritten: boolean;
}

/** Colours, cursor movements, titles; an escape without end is cut with its line. */
const TERMINAL_CODES =
  /\u001B(?:\[[0-9;:?]{0,32}[ -/]{0,4}[@-~]|[\]P_^X][^\u0007\u001B]{0,300}(?:\u0007|\u001B\\)?|[@-Z\\-_()=>])|\u009B[0-9;]{0,32}[@-~]/g;
/** Control characters but TAB, and the mark that some files begin with. */
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\uFEFF]/g;
const HAS_CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\uFEFF]/;

/**
 * One line of a log as the lines that a tool wrote: without colours, progress, timestamps and
 * prefixes, and taken out of JSON, quotes and web pages. A leading TAB stays.
 */
export function normaliseLine(line: string): readonly NormalLine[] {
  if (!HAS_CONTROLS.test(line)) return finish(line, false, false);
  const parts = line
    .replaceAll(TERMINAL_CODES, '')
    .split('\r')
    .map((part) => part.replaceAll(CONTROLS, ''))
    .filter((part) => part !== '');
  if (parts.length === 0) return finish('', false, false);
  const last = parts.length - 1;
  return parts.flatMap((part, index) => finish(part, last > 0, index < last));
}

function finish(line: string, isPart: boolean, isOverwritten: boolean): readonly NormalLine[] {
  const isEncoded = hasEntities(line);
  const bare = withoutPrefixes(isEncoded ? decodeEntities(line) : line);
  const isCarried = isPart || isEncoded;
  const isPlain = !bare.includes('\\') && !bare.includes('{"') && !bare.includes('="');
  if (isPlain) return [{ text: bare.trimEnd(), isCarried, isOverwritten }];
  const inner = unwrap(bare);
  const isSame = inner.length === 1 && inner[0] === bare;
  return inner.map((text) => ({
    text: (isSame ? text : withoutPrefixes(text)).trimEnd(),
    isCarried: isCarried || !isSame,
    isOverwritten,
  }));
}
