import { createHash } from 'node:crypto';

/** False tiles of the true tree. */
export type TileLie =
  /** One byte in each is another. */
  | 'changed-tile'
  | 'cut-tile'
  /** With one hash more, as when a wider one stands in for it. */
  | 'long-tile'
  /** One row up: the tile of a tree that is cut into lower tiles. */
  | 'low-tile';

const HASH_BYTES = 32;

const LIES: Readonly<Record<TileLie, (tile: Buffer) => Buffer>> = {
  'changed-tile': (tile) => {
    const changed = Buffer.from(tile);
    changed.writeUInt8(changed.readUInt8(tile.length - 1) ^ 1, tile.length - 1);
    return changed;
  },
  'cut-tile': (tile) => tile.subarray(0, -1),
  'long-tile': (tile) => Buffer.concat([tile, Buffer.alloc(HASH_BYTES)]),
  'low-tile': (tile) => {
    const hashes: Buffer[] = [];
    for (let at = 0; at + 2 * HASH_BYTES <= tile.length; at += 2 * HASH_BYTES) {
      const pair = tile.subarray(at, at + 2 * HASH_BYTES);
      hashes.push(createHash('sha256').update(Buffer.of(1)).update(pair).digest());
    }
    return Buffer.concat(hashes);
  },
};

export function isTileLie(lie: string): lie is TileLie {
  return Object.hasOwn(LIES, lie);
}

export function lieAboutTile(lie: TileLie, tile: Buffer): Buffer {
  return LIES[lie](tile);
}
