import { createNoteSigner } from './note-signer.ts';
import type { NoteSigner } from './note-signer.ts';

/** False notes around a true tree head. */
export type HeadLie =
  /** The text was changed after it was signed. */
  | 'wrong-signature'
  /** Signed by a key of another name. */
  | 'unknown-key'
  /** Signed by another key that claims this database's name. */
  | 'other-key'
  /** This database's key, claimed under another name. */
  | 'other-name'
  /** The right one, and a wrong one under the same name. */
  | 'second-signature-wrong'
  /** The right one twice: no lie, only odd. */
  | 'repeated-signature'
  | 'signature-flood'
  | 'signature-without-bytes'
  | 'no-signature'
  | 'unended-note'
  | 'padded-size'
  | 'short-root'
  | 'other-text'
  | 'control-character-in-head'
  /** Signed, and with more text than any head has. */
  | 'huge-head';

interface Signing {
  /** Of the database. */
  readonly name: string;
  readonly signer: NoteSigner;
}

/** More than anybody reads. */
const HUGE_LINES = 9000;
const FLOOD = 101;

type Lie = (text: string, signing: Signing) => string;

const LIES: Readonly<Record<HeadLie, Lie>> = {
  'wrong-signature': (text, { signer }) => `${text}\n${signer.line(`${text}more\n`)}`,
  'unknown-key': (text) => `${text}\n${stranger('elsewhere.test').line(text)}`,
  'other-key': (text, { name }) => `${text}\n${stranger(name).line(text)}`,
  'other-name': (text, { signer }) => `${text}\n${signer.line(text, 'elsewhere.test')}`,
  'second-signature-wrong': (text, { signer }) =>
    `${signer.sign(text)}${signer.line(`${text}more\n`)}`,
  'repeated-signature': (text, { signer }) => `${signer.sign(text)}${signer.line(text)}`,
  'signature-flood': (text, { signer }) => `${text}\n${signer.line(text).repeat(FLOOD)}`,
  'signature-without-bytes': (text, { name, signer }) => `${signer.sign(text)}— ${name} AAAA\n`,
  'no-signature': (text) => `${text}\n`,
  'unended-note': (text, { signer }) => signer.sign(text).slice(0, -1),
  'padded-size': (text, { signer }) => signer.sign(text.replace('tree\n', 'tree\n0')),
  'short-root': (text, { signer }) => signer.sign(text.replace(/.{8}=\n/, '=\n')),
  'other-text': (text, { signer }) => signer.sign(text.replace('go.sum', 'other')),
  'control-character-in-head': (text, { signer }) => signer.sign(`${text}\u0001\n`),
  'huge-head': (text, { signer }) => signer.sign(text + 'padding\n'.repeat(HUGE_LINES)),
};

export function isHeadLie(lie: string): lie is HeadLie {
  return Object.hasOwn(LIES, lie);
}

export function lieAboutHead(lie: HeadLie, text: string, signing: Signing): string {
  return LIES[lie](text, signing);
}

function stranger(name: string): NoteSigner {
  return createNoteSigner(name, `a stranger called ${name}`);
}
