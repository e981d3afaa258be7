import { recordHash } from './hashes.ts';
import { hashesOf } from './lookup-text.ts';
import { leafNode } from './pinned-tree.ts';
import { prove } from './prove.ts';
import { createLookupReader } from './read-lookup.ts';
import { parseVerifierKey } from './signed-note.ts';
import { formatTilePath } from './tile-path.ts';
import { FULL_WIDTH, TILE_HEIGHT, type Tile } from './tree-shape.ts';

/** What a stored answer to a lookup is worth, judged by the tiles that are stored beside it. */
export type CopyVerdict =
  | {
      readonly kind: 'proven';
      readonly zip: string | undefined;
      readonly mod: string | undefined;
      readonly tiles: readonly string[];
    }
  /** The answer itself is wrong. */
  | { readonly kind: 'refused'; readonly problem: string }
  /** Some of these tiles do not belong to the tree that was signed. */
  | { readonly kind: 'contradicted'; readonly tiles: readonly string[] }
  /** Not all tiles are there. */
  | { readonly kind: 'unproven' };

export interface StoredCopy {
  readonly bytes: Buffer;
  readonly path: string;
  readonly version: string;
  /** `NAME+HASH+KEY`; without it the signature is not checked. */
  readonly key: string | undefined;
  /** By path, `tile/8/0/000.p/5`. */
  readTile(path: string): Promise<Buffer | undefined>;
}

/** Proves what the go command keeps of a checksum database, from that alone. */
export async function proveCopy(copy: StoredCopy): Promise<CopyVerdict> {
  const { path, version } = copy;
  const key = copy.key === undefined ? undefined : parseVerifierKey(copy.key);
  const read = createLookupReader(key)(copy.bytes, path, version);
  if (read.kind === 'refused') return read;
  const used: string[] = [];
  let isAskedAgain = false;

  /** As Go's client: the tile as wide as the tree has it, else the full one. */
  async function stored(tile: Tile): Promise<{ data: Buffer; exact: boolean } | undefined> {
    for (const width of new Set([tile.width, FULL_WIDTH])) {
      const name = formatTilePath({ ...tile, height: TILE_HEIGHT, width });
      const data = await copy.readTile(name);
      if (data === undefined) continue;
      used.push(name);
      return { data: data.subarray(0, tile.width * 32), exact: width === tile.width };
    }
    return undefined;
  }

  const leaf = leafNode(read.text.id);
  const proof = await prove(
    read.head,
    [leaf],
    {
      stored,
      fetch: async (_tile, { again }) => {
        isAskedAgain ||= again;
        return { outcome: 'failed', failures: [] };
      },
    },
    { trustStored: false },
  );
  if (proof.kind !== 'proven') {
    return isAskedAgain ? { kind: 'contradicted', tiles: used } : { kind: 'unproven' };
  }
  if (!proof.hash(leaf).equals(recordHash(read.text.text))) {
    return { kind: 'refused', problem: `its record is not record ${read.text.id} of the tree` };
  }
  const hashes = hashesOf(read.text.text, path, version);
  return { kind: 'proven', zip: hashes?.zip, mod: hashes?.mod, tiles: used };
}
