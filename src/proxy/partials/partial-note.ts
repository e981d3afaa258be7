import { createHash } from 'node:crypto';

/** What is known about the bytes of an unfinished body. */
export interface PartialNote {
  readonly key: string;
  /** The upstream as people see it: without credentials. */
  readonly upstream: string;
  /** Its strong ETag for the body. */
  readonly validator: string;
  /** Of the whole body. */
  readonly length: number;
  /** So many bytes from the start are vouched for; more may be in the file. */
  readonly size: number;
  /** Of these bytes, as hex. */
  readonly sha256: string;
  readonly epochMilliseconds: number;
}

/** A note with the file that it is about. */
export interface Kept {
  readonly note: PartialNote;
  readonly path: string;
}

/** What follows the name of the file that a note is about. */
export const NOTE_SUFFIX = '.note';
/** The longest path that is served has 2,048 characters; all else is shorter. */
export const LARGEST_NOTE_BYTES = 16_384;

export function formatNote(note: PartialNote): Buffer {
  return Buffer.from(`${JSON.stringify(note)}\n`);
}

/** Undefined for what we cannot have written: the validator goes into a header, the sizes into reads. */
export function parseNote(bytes: Buffer): PartialNote | undefined {
  const { key, upstream, validator, length, size, sha256, epochMilliseconds } = parseObject(bytes);
  const isNote =
    typeof key === 'string' &&
    typeof upstream === 'string' &&
    typeof validator === 'string' &&
    /^"[\x21\x23-\x7e]{1,200}"$/u.test(validator) &&
    isCount(length) &&
    isCount(size) &&
    size > 0 &&
    size < length &&
    typeof sha256 === 'string' &&
    isCount(epochMilliseconds);
  return isNote ? { key, upstream, validator, length, size, sha256, epochMilliseconds } : undefined;
}

/** One for each artifact; the key itself may be longer than a file name. */
export function partialName(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function parseObject(bytes: Buffer): Readonly<Partial<Record<keyof PartialNote, unknown>>> {
  try {
    const parsed: unknown = JSON.parse(bytes.toString());
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
