import { createHash } from 'node:crypto';

/** The only algorithm byte that `go` knows. */
const ed25519 = 1;

/** `NAME+HASH+KEY` of an Ed25519 key (the C2SP signed note format), which proves its own spelling. */
export function isVerifierKey(text: string): boolean {
  const [, name, hash = '', key = ''] =
    /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/i.exec(text) ?? [];
  const bytes = Buffer.from(key, 'base64');
  if (name === undefined || bytes[0] !== ed25519 || bytes.length !== 33) return false;
  const digest = createHash('sha256').update(`${name}\n`).update(bytes).digest('hex');
  return digest.startsWith(hash.toLowerCase());
}
