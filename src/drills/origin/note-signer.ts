import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';

/** The fixed front of a PKCS 8 Ed25519 key; the 32 bytes of the seed follow. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
/** Algorithm number of Ed25519 in signed notes. */
const ED25519 = Buffer.of(1);

export interface NoteSigner {
  /** `name+hash+key`, as GOSUMDB takes it. */
  readonly key: string;
  /** The note with its signature line. */
  sign(text: string): string;
  /** A signature line for a text; under another name when that is what shall be claimed. */
  line(text: string, claim?: string): string;
}

/** The key pair comes from the seed, so that tests and scripts can name the key beforehand. */
export function createNoteSigner(name: string, seed: string): NoteSigner {
  const secret = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, createHash('sha256').update(seed).digest()]),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  const open = Buffer.concat([ED25519, spki.subarray(-32)]);
  const hash = createHash('sha256').update(`${name}\n`).update(open).digest().subarray(0, 4);

  function line(text: string, claim: string = name): string {
    const signature = Buffer.concat([hash, sign(null, Buffer.from(text), secret)]);
    return `— ${claim} ${signature.toString('base64')}\n`;
  }

  return {
    key: `${name}+${hash.toString('hex')}+${open.toString('base64')}`,
    sign: (text) => `${text}\n${line(text)}`,
    line,
  };
}
