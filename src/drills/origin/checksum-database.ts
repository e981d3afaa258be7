import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { createTransparencyLog } from './transparency-log.ts';
import type { ModuleVersion } from './synthetic-module.ts';
import type { TransparencyLog } from './transparency-log.ts';

/** The fixed front of a PKCS 8 Ed25519 key; the 32 bytes of the seed follow. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
/** Algorithm number of Ed25519 in signed notes. */
const ED25519 = Buffer.of(1);

/** A signed checksum database of our own, so that verification is tested without the internet. */
export interface ChecksumDatabase {
  readonly name: string;
  /** `name+hash+key`, as GOSUMDB takes it. */
  readonly key: string;
  readonly size: number;
  /** Appends lines under a module version, true or false ones: a lying database is a drill too. */
  add(module: ModuleVersion, lines: string): void;
  /** Appends records that nobody asks for, so that trees and tiles grow. */
  grow(records: number): void;
  /** Answers what comes after `/sumdb/NAME/`; undefined is 404. */
  answer(route: string): Buffer | undefined;
}

/** `look` finds the go.sum lines of a module version that was never asked for; they are then appended. */
export function createChecksumDatabase(
  name: string,
  look: (module: ModuleVersion) => string | undefined,
): ChecksumDatabase {
  const log = createTransparencyLog();
  const numbers = new Map<string, number>();
  const signer = createSigner(name);
  let fillers = 0;

  function add(module: ModuleVersion, lines: string): void {
    numbers.set(`${module.path}@${module.version}`, log.append(lines));
  }

  function lookUp(asked: string): Buffer | undefined {
    const at = asked.lastIndexOf('@');
    if (at < 1) return undefined;
    const module = { path: unescape(asked.slice(0, at)), version: unescape(asked.slice(at + 1)) };
    const key = `${module.path}@${module.version}`;
    if (!numbers.has(key)) {
      const lines = look(module);
      if (lines === undefined) return undefined;
      add(module, lines);
    }
    const number = numbers.get(key) ?? 0;
    return Buffer.from(`${number}\n${log.record(number) ?? ''}\n${signHead(log, signer)}`);
  }

  return {
    name,
    key: signer.key,
    get size() {
      return log.size;
    },
    add,
    grow(records) {
      for (let count = 0; count < records; count++) {
        const line = `filler.test/m${fillers++} v1.0.0 h1:${createHash('sha256').digest('base64')}\n`;
        log.append(line);
      }
    },
    answer(route) {
      if (route === 'supported') return Buffer.alloc(0);
      if (route === 'latest') return Buffer.from(signHead(log, signer));
      if (route.startsWith('lookup/')) return lookUp(route.slice('lookup/'.length));
      return route.startsWith('tile/') ? log.tile(route.slice('tile/'.length)) : undefined;
    },
  };
}

/** Undoes the case encoding of paths and versions: `!a` is `A` (module reference, "GOPROXY protocol"). */
export function unescape(text: string): string {
  return text.replaceAll(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

interface Signer {
  readonly key: string;
  /** The note with its signature line. */
  sign(text: string): string;
}

/** The key pair comes from the name, so that tests and scripts can name the key beforehand. */
function createSigner(name: string): Signer {
  const seed = createHash('sha256').update(`synthetic checksum database ${name}`).digest();
  const secret = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  const open = Buffer.concat([ED25519, spki.subarray(-32)]);
  const hash = createHash('sha256').update(`${name}\n`).update(open).digest().subarray(0, 4);
  return {
    key: `${name}+${hash.toString('hex')}+${open.toString('base64')}`,
    sign(text) {
      const signature = Buffer.concat([hash, sign(null, Buffer.from(text), secret)]);
      return `${text}\n— ${name} ${signature.toString('base64')}\n`;
    },
  };
}

function signHead(log: TransparencyLog, signer: Signer): string {
  return signer.sign(`go.sum database tree\n${log.size}\n${log.root().toString('base64')}\n`);
}
