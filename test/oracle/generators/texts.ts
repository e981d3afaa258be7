import fc from 'fast-check';
import { decodeText, encodeText } from '../../../src/gomod/text/index.ts';

// Inputs well mixed between valid, nearly valid and wild. `\udc80` to `\udcff` stand for bytes that are no UTF-8.

const NASTY = [
  '!',
  '/',
  '//',
  '.',
  '..',
  '-',
  '~',
  '~1',
  '+',
  '@',
  '%',
  ' ',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '\v',
  '\f',
  '\u0000',
  '\u0007',
  '\u001b',
  '\u007f',
  '\u0085',
  '\u00a0',
  '\u2028',
  '\u3000',
  '\ufeff',
  '\ufffd',
  '\u202e',
  '\u00ad',
  'é',
  'ß',
  'ſ',
  'K',
  'İ',
  '日本',
  '😀',
  '\u{10ffff}',
  '\u{1d7d8}',
  '\ud7ff',
  '\ue000',
  '\u088f',
  '\ua7cb',
  '\udc80',
  '\udcc3',
  '\udca9',
  '\udcff',
  '"',
  "'",
  '`',
  '\\',
  '\\x',
  '\\n',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  '=>',
  '//',
  '/*',
  '*',
  '?',
  ':',
  ';',
  '|',
  '<',
  '>',
  '&',
  '#',
  '0',
  '1',
  '00',
  '9',
  '99999999999999999999',
  'v',
  'V',
  'a',
  'Z',
  'con',
  'NUL',
  'lpt1',
  'aux.x',
  '.git',
  '/v2',
  '/v1',
  '.v3',
  'gopkg.in/',
  '-unstable',
  '+incompatible',
  '-rc.1',
  '-0.',
  '-pre.0.',
  '20190101020304-abcdef123456',
  '.0.0',
  'go1.',
  'indirect',
  'go.mod',
];

/** As Go would see it: lone surrogates that together are a character become it. */
export function asRead(text: string): string {
  return decodeText(encodeText(text));
}

const nasty = fc.constantFrom(...NASTY);
export const wild: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'binary-ascii', maxLength: 20 }),
  fc.array(nasty, { maxLength: 6 }).map((pieces) => pieces.join('')),
);

interface Change {
  readonly at: number;
  readonly kind: number;
  readonly text: string;
}

function change(text: string, { at, kind, text: piece }: Change): string {
  const characters = Array.from(text);
  const index = characters.length === 0 ? 0 : at % (characters.length + 1);
  if (kind === 0) characters.splice(index, 0, piece);
  if (kind === 1) characters.splice(index, 1);
  if (kind === 2) characters.splice(index, 1, piece);
  if (kind === 3) characters.splice(index, 3 + (at % 5));
  if (kind === 4) return text + piece;
  return characters.join('');
}

const changes = fc.record<Change>({ at: fc.nat(), kind: fc.nat(4), text: nasty });

export function nearly(valid: fc.Arbitrary<string>, most = 3): fc.Arbitrary<string> {
  return fc
    .tuple(valid, fc.array(changes, { minLength: 1, maxLength: most }))
    .map(([text, list]) => asRead(list.reduce(change, text)));
}

export function mixed(valid: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: valid },
    { weight: 5, arbitrary: nearly(valid) },
    { weight: 1, arbitrary: wild.map(asRead) },
  );
}

export const texts: fc.Arbitrary<string> = fc
  .oneof(
    wild,
    nearly(
      fc.constantFrom(
        'plain',
        'a\\tb\\x41\\u00e9\\U0001f600\\101',
        '\\xc3\\xa9\\xff',
        ' two  words ',
      ),
    ),
  )
  .map(asRead);
