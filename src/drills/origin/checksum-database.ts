import { createHash } from 'node:crypto';
import { createLyingDatabase, headText } from './lying-database.ts';
import type { DatabaseLieOrder } from './lying-database.ts';
import { createNoteSigner } from './note-signer.ts';
import { createTransparencyLog } from './transparency-log.ts';
import type { ModuleVersion } from './synthetic-module.ts';

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
  /** The same with a lie in it. */
  lie(route: string, order: DatabaseLieOrder): Buffer | undefined;
}

/** `look` finds the go.sum lines of a module version that was never asked for; they are then appended. */
export function createChecksumDatabase(
  name: string,
  look: (module: ModuleVersion) => string | undefined,
): ChecksumDatabase {
  const log = createTransparencyLog();
  const numbers = new Map<string, number>();
  const signer = createNoteSigner(name, `synthetic checksum database ${name}`);
  const lie = createLyingDatabase({ name, log, signer, find });
  let fillers = 0;

  function add(module: ModuleVersion, lines: string): void {
    numbers.set(`${module.path}@${module.version}`, log.append(lines));
  }

  /** Number of the record that a lookup asks for. */
  function find(asked: string): number | undefined {
    const at = asked.lastIndexOf('@');
    if (at < 1) return undefined;
    const module = { path: unescape(asked.slice(0, at)), version: unescape(asked.slice(at + 1)) };
    const key = `${module.path}@${module.version}`;
    if (!numbers.has(key)) {
      const lines = look(module);
      if (lines === undefined) return undefined;
      add(module, lines);
    }
    return numbers.get(key);
  }

  function lookUp(asked: string): Buffer | undefined {
    const number = find(asked);
    return number === undefined
      ? undefined
      : Buffer.from(`${number}\n${log.record(number) ?? ''}\n${signer.sign(headText(log))}`);
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
      if (route === 'latest') return Buffer.from(signer.sign(headText(log)));
      if (route.startsWith('lookup/')) return lookUp(route.slice('lookup/'.length));
      return route.startsWith('tile/') ? log.tile(route.slice('tile/'.length)) : undefined;
    },
    lie,
  };
}

/** Undoes the case encoding of paths and versions: `!a` is `A` (module reference, "GOPROXY protocol"). */
export function unescape(text: string): string {
  return text.replaceAll(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
