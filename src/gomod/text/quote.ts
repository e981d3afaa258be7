import { isPrintable } from './unicode.ts';
import { byteOf } from './utf8.ts';

const NAMED_ESCAPES = new Map<number, string>([
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x0c, '\\f'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x0b, '\\v'],
]);

/** ASCII that stands for itself between either kind of quotes; most names are nothing else. */
const PLAIN = /^[ !#-&(-[\]-~]*$/;

const REPLACEMENT_CHARACTER = 0xfffd;

function escapeByte(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

function escapeLoneSurrogate(codePoint: number): string {
  const byte = byteOf(codePoint);
  return byte === undefined ? String.fromCodePoint(REPLACEMENT_CHARACTER) : escapeByte(byte);
}

function escapeCodePoint(codePoint: number, quote: string): string {
  const character = String.fromCodePoint(codePoint);
  if (character === quote || character === '\\') return `\\${character}`;
  if (isPrintable(codePoint)) return character;
  const named = NAMED_ESCAPES.get(codePoint);
  if (named !== undefined) return named;
  if (codePoint < 0x20 || codePoint === 0x7f) return escapeByte(codePoint);
  if (!character.isWellFormed()) return escapeLoneSurrogate(codePoint);
  if (codePoint < 0x10000) return `\\u${codePoint.toString(16).padStart(4, '0')}`;
  return `\\U${codePoint.toString(16).padStart(8, '0')}`;
}

/** Prints a string as Go's `%q` does. */
export function quote(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  let quoted = '"';
  for (const character of text) quoted += escapeCodePoint(character.codePointAt(0) ?? 0, '"');
  return `${quoted}"`;
}

/** Prints one character as Go's `%q` does for a rune. */
export function quoteCharacter(codePoint: number): string {
  const isLoneSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  return `'${escapeCodePoint(isLoneSurrogate ? REPLACEMENT_CHARACTER : codePoint, "'")}'`;
}
