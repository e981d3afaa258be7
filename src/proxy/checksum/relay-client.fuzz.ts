import assert from 'node:assert/strict';
import { recordHash } from './hashes.ts';
import { parseLookup } from './lookup-text.ts';
import { prove, type TileAccess } from './prove.ts';
import { failed } from '../upstream/index.ts';
import type { ChecksumRelay } from './checksum-relay.ts';
import type { FetchedResource } from './relay-answer.ts';
import { openTreeHead, parseVerifierKey, type TreeHead } from './signed-note.ts';
import { formatTilePath } from './tile-path.ts';
import { FULL_WIDTH, rootOf, subtreesOf, TILE_HEIGHT, type Tile } from './tree-shape.ts';

export interface RelayClient {
  /** Looks up, merges tree heads and proves records as Go's client does with empty caches of tiles. */
  check(lookups: readonly string[]): Promise<void>;
  /** Goes on with its last tree head at another relay. */
  use(relay: ChecksumRelay, options?: { readonly cachedOnly: boolean }): void;
}

export function createRelayClient(
  first: ChecksumRelay,
  database: { readonly name: string; readonly key: string },
  options: { readonly cachedOnly: boolean } = { cachedOnly: false },
): RelayClient {
  const key = parseVerifierKey(database.key);
  let relay = first;
  let { cachedOnly } = options;
  let latest: TreeHead | undefined;

  async function fetchTile(tile: Tile): Promise<FetchedResource> {
    for (const width of [tile.width, FULL_WIDTH]) {
      const path = formatTilePath({ height: TILE_HEIGHT, ...tile, width });
      const answer = await relay.answer(database.name, path, { cachedOnly });
      if (answer.kind === 'bytes') {
        return { outcome: 'found', bytes: answer.body.subarray(0, tile.width * 32), upstream: '' };
      }
    }
    const path = formatTilePath({ height: TILE_HEIGHT, ...tile });
    return {
      outcome: 'failed',
      failures: [failed('relay', { kind: 'unavailable', reason: 'silent', message: path })],
    };
  }

  const access: TileAccess = { stored: async () => undefined, fetch: fetchTile };

  async function rootAt(tree: TreeHead, size: number): Promise<Buffer | undefined> {
    const nodes = subtreesOf(size);
    const proof = await prove(tree, nodes, access, { trustStored: false });
    assert.equal(proof.kind, 'proven', JSON.stringify(proof));
    return proof.kind === 'proven' ? rootOf(nodes.map((node) => proof.hash(node))) : undefined;
  }

  async function merge(head: TreeHead): Promise<TreeHead> {
    const [older, newer] =
      latest !== undefined && latest.size >= head.size ? [head, latest] : [latest, head];
    if (older !== undefined) {
      assert.deepEqual(await rootAt(newer, older.size), older.root);
    }
    latest = newer;
    return newer;
  }

  return {
    use: (next, changed) => {
      relay = next;
      ({ cachedOnly } = changed ?? { cachedOnly: false });
    },
    check: async (lookups) => {
      for (const resource of lookups) {
        const answer = await relay.answer(database.name, resource, { cachedOnly });
        assert.equal(answer.kind, 'bytes', resource);
        const text = answer.kind === 'bytes' ? parseLookup(answer.body) : undefined;
        assert.ok(text !== undefined, resource);
        const opened = openTreeHead(text.note, key);
        assert.ok(opened.ok, resource);
        const tree = await merge(opened.head);
        const leaf = { level: 0, n: text.id };
        const proof = await prove(tree, [leaf], access, { trustStored: false });
        assert.equal(proof.kind, 'proven', `${resource}: ${JSON.stringify(proof)}`);
        assert.deepEqual(proof.kind === 'proven' && proof.hash(leaf), recordHash(text.text));
      }
    },
  };
}
