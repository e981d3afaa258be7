import type { TransparencyLog } from './transparency-log.ts';

/** False answers to a lookup with a rightly signed head of the true tree. */
export type RecordLie =
  | 'empty-answer'
  | 'empty-record'
  /** The record of another module. */
  | 'foreign-record'
  /** A foreign record, and the lines that were asked for in the signed text of the head. */
  | 'lines-beside-foreign-record'
  /** The right record, and more lines between it and the head. */
  | 'lines-before-head'
  | 'lines-after-head'
  /** In the tree, with two answers for each file. */
  | 'ambiguous-record'
  | 'repeated-record-lines'
  /** In the tree, with a line for the zip alone. */
  | 'half-record'
  /** In the tree, and false: what the key itself vouches for. */
  | 'signed-lie'
  /** Under the right number, but not what the tree holds there. */
  | 'changed-record'
  /** The right lines under another's number. */
  | 'other-number'
  | 'number-beyond-tree'
  /** A head from before the record. */
  | 'replayed-head'
  | 'padded-number'
  | 'control-character-in-record'
  | 'invalid-text-in-record'
  | 'huge-record';

export interface TrueLookup {
  readonly number: number;
  /** The go.sum lines. */
  readonly text: string;
}

export interface RecordLieNeeds {
  readonly log: TransparencyLog;
  /** The signed head of the whole tree, or of its first records, with more text when given. */
  readonly head: (options?: { readonly size?: number; readonly more?: string }) => string;
}

type Lie = (found: TrueLookup, lines: string, needs: RecordLieNeeds) => string | Buffer;

const HUGE_LINES = 4000;

const LIES: Readonly<Record<RecordLie, Lie>> = {
  'empty-answer': () => '',
  'empty-record': ({ number }, _, { head }) => `${number}\n\n${head()}`,
  'foreign-record': (found, _, { log, head }) => {
    const number = other(found.number);
    return answer(number, log.record(number) ?? '', head());
  },
  'lines-beside-foreign-record': (found, lines, { log, head }) => {
    const number = other(found.number);
    return answer(number, log.record(number) ?? '', head({ more: lines }));
  },
  'lines-before-head': ({ number, text }, lines, { head }) =>
    answer(number, text, `${lines}\n${head()}`),
  'lines-after-head': ({ number, text }, lines, { head }) =>
    answer(number, text, `${head()}${lines}`),
  'ambiguous-record': ({ text }, lines, needs) => appended(`${text}${lines}`, needs),
  'repeated-record-lines': ({ text }, _, needs) => appended(`${text}${text}`, needs),
  'half-record': (_, lines, needs) => appended(lines.slice(0, lines.indexOf('\n') + 1), needs),
  'signed-lie': (_, lines, needs) => appended(lines, needs),
  'changed-record': ({ number }, lines, { head }) => answer(number, lines, head()),
  'other-number': ({ number, text }, _, { head }) => answer(other(number), text, head()),
  'number-beyond-tree': (_, lines, { log, head }) => answer(log.size + 5, lines, head()),
  'replayed-head': ({ number, text }, _, { head }) => answer(number, text, head({ size: number })),
  'padded-number': ({ number, text }, _, { head }) => answer(`0${number}`, text, head()),
  'control-character-in-record': ({ number, text }, _, { head }) =>
    answer(number, `\u0007${text}`, head()),
  'invalid-text-in-record': ({ number, text }, _, { head }) =>
    Buffer.concat([Buffer.from(`${number}\n`), Buffer.of(0xff), Buffer.from(`${text}\n${head()}`)]),
  'huge-record': ({ number, text }, lines, { head }) =>
    answer(number, text + lines.repeat(HUGE_LINES), head()),
};

export function isRecordLie(lie: string): lie is RecordLie {
  return Object.hasOwn(LIES, lie);
}

export function lieAboutRecord(
  lie: RecordLie,
  found: TrueLookup,
  lines: string,
  needs: RecordLieNeeds,
): Buffer {
  const said = LIES[lie](found, lines, needs);
  return Buffer.isBuffer(said) ? said : Buffer.from(said);
}

function answer(number: number | string, text: string, head: string): string {
  return `${number}\n${text}\n${head}`;
}

/** The true tree gets a false record: what is signed stays signed. */
function appended(text: string, { log, head }: RecordLieNeeds): string {
  const number = log.append(text);
  return answer(number, text, head());
}

function other(number: number): number {
  return number === 0 ? 1 : 0;
}
