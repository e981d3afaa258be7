import { byteOf, decodeText, encodeText, escapedByte } from './utf8.ts';

const SIMPLE_ESCAPES = new Map<string, string>([
  ['a', '\u0007'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
  ['"', '"'],
]);

const HEX_LENGTHS = new Map<string, number>([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

interface Escape {
  readonly text: string;
  /** How many characters after the backslash belong to it. */
  readonly length: number;
}

function textOfByte(value: number): string {
  return value < 0x80 ? String.fromCharCode(value) : escapedByte(value);
}

function readEscape(content: string, start: number): Escape | undefined {
  const kind = content.charAt(start);
  const simple = SIMPLE_ESCAPES.get(kind);
  if (simple !== undefined) return { text: simple, length: 1 };
  if (/^[0-7]/.test(kind)) {
    const octal = /^[0-7]{3}/.exec(content.slice(start, start + 3))?.[0];
    const value = octal === undefined ? 256 : Number.parseInt(octal, 8);
    return value > 255 ? undefined : { text: textOfByte(value), length: 3 };
  }
  const digits = HEX_LENGTHS.get(kind);
  if (digits === undefined) return undefined;
  const hex = content.slice(start + 1, start + 1 + digits);
  if (hex.length !== digits || !/^[0-9a-fA-F]+$/.test(hex)) return undefined;
  const value = Number.parseInt(hex, 16);
  if (kind === 'x') return { text: textOfByte(value), length: 3 };
  if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return undefined;
  return { text: String.fromCodePoint(value), length: 1 + digits };
}

function unquoteInterpreted(content: string): string | undefined {
  const pieces: string[] = [];
  let hasBytes = false;
  for (let index = 0; index < content.length; index++) {
    const character = String.fromCodePoint(content.codePointAt(index) ?? 0);
    if (character === '\n' || character === '"') return undefined;
    if (character === '\\') {
      const escape = readEscape(content, index + 1);
      if (escape === undefined) return undefined;
      pieces.push(escape.text);
      hasBytes ||= byteOf(escape.text.charCodeAt(0)) !== undefined;
      index += escape.length;
      continue;
    }
    pieces.push(character.isWellFormed() ? character : '\ufffd');
    index += character.length - 1;
  }
  const text = pieces.join('');
  return hasBytes ? decodeText(encodeText(text)) : text;
}

/** Go's `strconv.Unquote` for double and back quotes; undefined for what is no such literal. */
export function unquote(literal: string): string | undefined {
  const quote = literal.charAt(0);
  if (literal.length < 2 || !literal.endsWith(quote)) return undefined;
  const content = literal.slice(1, -1);
  if (quote === '"') return unquoteInterpreted(content);
  if (quote !== '`' || content.includes('`')) return undefined;
  return content.replaceAll('\r', '');
}
