import { createHash } from 'node:crypto';

/** Tiles of the Go checksum database hold 2^8 hashes (module reference, "Checksum database"). */
const TILE_HEIGHT = 8;
const TILE_WIDTH = 1 << TILE_HEIGHT;

/** An append-only Merkle tree as RFC 6962 defines it, read through tiles. */
export interface TransparencyLog {
  readonly size: number;
  /** Returns the record's number. */
  append(text: string): number;
  record(number: number): string | undefined;
  /** Root of the whole tree. */
  root(): Buffer;
  /** Answers `8/L/K`, `8/L/K.p/W` or `8/data/K…`; undefined for what the tree does not have. */
  tile(path: string): Buffer | undefined;
}

export function createTransparencyLog(): TransparencyLog {
  const records: string[] = [];
  /** `levels[h][i]` is the hash of the complete subtree over records i·2^h … (i+1)·2^h − 1. */
  const levels: Buffer[][] = [[]];

  function append(text: string): number {
    records.push(text);
    let carry = hashOf(0, Buffer.from(text));
    for (let height = 0; ; height++) {
      const level = (levels[height] ??= []);
      level.push(carry);
      if (level.length % 2 === 1) return records.length - 1;
      const left = level.at(-2);
      if (left === undefined) return records.length - 1;
      carry = hashOf(1, left, carry);
    }
  }

  function root(): Buffer {
    let result: Buffer | undefined;
    for (let height = 0; height < levels.length; height++) {
      const level = levels[height];
      // A level of odd length ends in a subtree that nothing above covers.
      const last = level === undefined || level.length % 2 === 0 ? undefined : level.at(-1);
      if (last === undefined) continue;
      result = result === undefined ? last : hashOf(1, last, result);
    }
    return result ?? createHash('sha256').digest();
  }

  function tile(path: string): Buffer | undefined {
    const asked = parseTilePath(path);
    if (asked === undefined) return undefined;
    const start = asked.number * TILE_WIDTH;
    if (asked.level === 'data') {
      const texts = records.slice(start, start + asked.width);
      return texts.length === asked.width
        ? Buffer.from(texts.map((text) => `${text}\n`).join(''))
        : undefined;
    }
    const hashes = levels[asked.level * TILE_HEIGHT]?.slice(start, start + asked.width) ?? [];
    return hashes.length === asked.width ? Buffer.concat(hashes) : undefined;
  }

  return {
    get size() {
      return records.length;
    },
    append,
    record: (number) => records[number],
    root,
    tile,
  };
}

interface Tile {
  readonly level: number | 'data';
  readonly number: number;
  readonly width: number;
}

const TILE_PATH = /^8\/(data|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

function parseTilePath(path: string): Tile | undefined {
  const [, level, digits, width] = TILE_PATH.exec(path) ?? [];
  if (level === undefined || digits === undefined) return undefined;
  const number = Number(digits.replaceAll(/[x/]/g, ''));
  const wide = width === undefined ? TILE_WIDTH : Number(width);
  if (wide > TILE_WIDTH || (width !== undefined && wide === TILE_WIDTH)) return undefined;
  return { level: level === 'data' ? 'data' : Number(level), number, width: wide };
}

/** RFC 6962: leaves and inner nodes differ by their first byte. */
function hashOf(kind: 0 | 1, ...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256').update(Buffer.of(kind));
  for (const part of parts) hash.update(part);
  return hash.digest();
}
