// How Go reads and prints text: quoting, character classes, and the union that a reader returns.
export { parsed, refused, type Parsed } from './parsed.ts';
export { quote, quoteCharacter } from './quote.ts';
export { isLetter, isPrintable } from './unicode.ts';
