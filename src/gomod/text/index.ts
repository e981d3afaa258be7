// How Go reads and prints text: bytes, quoting, character classes, and the union that a reader returns.
export { compareBytes } from './compare-bytes.ts';
export { parsed, refused, type Parsed } from './parsed.ts';
export { quote, quoteCharacter } from './quote.ts';
export { fieldsOf, trimSpace } from './space.ts';
export { isLetter, isPrintable } from './unicode.ts';
export { unquote } from './unquote.ts';
export { decodeText, encodeText } from './utf8.ts';
