import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { ProgramError } from '../../platform/index.ts';
import type { Tree } from './tree-shape.ts';

/** A tree head and the signed note that says so, byte for byte as it came. */
export interface TreeHead extends Tree {
  readonly note: Buffer;
}

export type HeadResult =
  | { readonly ok: true; readonly head: TreeHead }
  | {
      readonly ok: false;
      readonly finding:
        | 'checksum-answer-malformed'
        | 'checksum-answer-too-large'
        | 'checksum-key-unknown'
        | 'checksum-signature-wrong';
      readonly problem: string;
    };

export interface VerifierKey {
  readonly name: string;
  readonly id: number;
  readonly key: KeyObject;
}

/** DER in front of the 32 bytes of an Ed25519 public key (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const ED25519 = 1;
/** Real heads are 200 bytes; many witnesses may sign one day. */
const MAXIMUM_NOTE_BYTES = 64 * 1024;
const MAXIMUM_SIGNATURES = 100;
const SIGNATURE_LINE = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;
const TREE_TEXT = /^go\.sum database tree\n(0|[1-9]\d*)\n([A-Za-z0-9+/]{43}=)\n/;

/** Reads a key as GOSUMDB has it, `name+hash+base64` (golang.org/x/mod/sumdb/note). */
export function parseVerifierKey(text: string): VerifierKey {
  const [, name, hex, base64] =
    /^([^\s+]+)\+([0-9a-fA-F]{8})\+([A-Za-z0-9+/]+=*)$/u.exec(text) ?? [];
  const bytes = decodeBase64(base64 ?? '') ?? Buffer.alloc(0);
  if (name === undefined || hex === undefined || bytes.length !== 33 || bytes[0] !== ED25519) {
    throw malformedKey(text, 'a checksum database key is not of the form NAME+HASH+BASE64');
  }
  const id = createHash('sha256').update(`${name}\n`).update(bytes).digest().readUInt32BE(0);
  if (id !== Number.parseInt(hex, 16)) {
    throw malformedKey(text, 'the hash in a checksum database key does not match the key');
  }
  const der = Buffer.concat([SPKI_PREFIX, bytes.subarray(1)]);
  return { name, id, key: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

function malformedKey(text: string, message: string): ProgramError {
  return new ProgramError({
    code: 'checksum-key-malformed',
    kind: 'bad-input',
    message,
    hint: 'copy the key again from where the database publishes it',
    details: { key: text },
  });
}

/** Reads a signed tree head; without a key its signatures are only looked at. */
export function openTreeHead(note: Buffer, key: VerifierKey | undefined): HeadResult {
  if (note.length > MAXIMUM_NOTE_BYTES) {
    const problem = `the tree head has ${note.length} bytes`;
    return { ok: false, finding: 'checksum-answer-too-large', problem };
  }
  const whole = note.toString('utf8');
  const split = whole.lastIndexOf('\n\n');
  if (split < 0 || !whole.endsWith('\n') || !isPlainText(note, whole)) {
    return malformed('is not a signed note');
  }
  const text = whole.slice(0, split + 1);
  const lines = whole.slice(split + 2, -1).split('\n');
  const problem = checkSignatures(text, lines, key);
  if (problem !== undefined) {
    return problem;
  }
  const [, size, root] = TREE_TEXT.exec(text) ?? [];
  if (size === undefined || root === undefined || !Number.isSafeInteger(Number(size))) {
    return malformed('does not describe a tree');
  }
  return { ok: true, head: { size: Number(size), root: Buffer.from(root, 'base64'), note } };
}

function malformed(what: string): HeadResult {
  return { ok: false, finding: 'checksum-answer-malformed', problem: `the tree head ${what}` };
}

function checkSignatures(
  text: string,
  lines: readonly string[],
  key: VerifierKey | undefined,
): HeadResult | undefined {
  if (lines.length > MAXIMUM_SIGNATURES) {
    return malformed('has too many signatures');
  }
  let isSigned = false;
  for (const line of lines) {
    const [, name, base64] = SIGNATURE_LINE.exec(line) ?? [];
    const bytes = decodeBase64(base64 ?? '');
    if (name === undefined || bytes === undefined || bytes.length < 5) {
      return malformed('has a malformed signature');
    }
    if (key === undefined || name !== key.name || bytes.readUInt32BE(0) !== key.id) {
      continue;
    }
    if (!verify(null, Buffer.from(text), key.key, bytes.subarray(4))) {
      const problem = `the signature of ${key.name} is wrong`;
      return { ok: false, finding: 'checksum-signature-wrong', problem };
    }
    isSigned = true;
  }
  if (key !== undefined && !isSigned) {
    const problem = `the tree head is not signed by the key of ${key.name}`;
    return { ok: false, finding: 'checksum-key-unknown', problem };
  }
  return undefined;
}

/** Notes and records are UTF-8 without control characters, so that what is shown is what was signed. */
export function isPlainText(bytes: Buffer, text: string): boolean {
  return !/[\u0000-\u0009\u000b-\u001f]/.test(text) && Buffer.from(text).equals(bytes);
}

/** As strict about padding as Go is; Buffer alone reads almost anything. */
function decodeBase64(text: string): Buffer | undefined {
  const isWhole = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
  return isWhole ? Buffer.from(text, 'base64') : undefined;
}
