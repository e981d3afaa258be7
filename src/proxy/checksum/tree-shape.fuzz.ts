import assert from 'node:assert/strict';
import { before, after, test } from 'node:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOracle, type Oracle } from '../../../test/oracle-checksum/oracle.ts';
import { startDatabase } from '../../../test/support/checksum-database.ts';
import { HASH_BYTES, recordHash } from './hashes.ts';
import { parseLookup } from './lookup-text.ts';
import { openTreeHead, parseVerifierKey } from './signed-note.ts';
import { prove, type TileAccess } from './prove.ts';
import { formatTilePath, parseTilePath } from './tile-path.ts';
import { planTiles, rootOf, subtreesOf, TILE_HEIGHT, type Node, type Tile } from './tree-shape.ts';

// Compares the tree mathematics with golang.org/x/mod/sumdb/tlog on random trees and records.

const RUNS = Number(process.env['ORACLE_RUNS'] ?? 300);
/** Three levels of tiles and many sizes around the borders of tiles. */
const MAXIMUM_SIZE = 150_000;

let directory = '';
let oracle: Oracle;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tree-oracle-'));
  oracle = await startOracle(directory);
});

after(async () => {
  await oracle.close();
  await rm(directory, { recursive: true });
});

function pathOf(tile: Tile): string {
  return formatTilePath({ height: TILE_HEIGHT, ...tile });
}

async function tileFromGo(tile: Tile, size: number): Promise<Buffer> {
  const answer = await oracle.ask({ kind: 'tile', text: pathOf(tile), size });
  return Buffer.from(String(answer['data']), 'base64');
}

function randomSize(): number {
  const size = Math.floor(Math.random() * MAXIMUM_SIZE) + 1;
  const border = 256 * (1 + Math.floor(Math.random() * 300)) + Math.floor(Math.random() * 3) - 1;
  return (
    [size, border, 1 + Math.floor(Math.random() * 600), 65_536][Math.floor(Math.random() * 4)] ??
    size
  );
}

test('roots, record hashes and the tiles read for them are those of Go', async (t) => {
  let tiles = 0;
  for (let run = 0; run < RUNS; run++) {
    const size = randomSize();
    const old = Math.floor(Math.random() * (size + 1));
    const indexes = Array.from({ length: 1 + (run % 4) }, () => Math.floor(Math.random() * size));
    const go = await oracle.ask({ kind: 'tree', height: 8, size, old, indexes });
    const leaves = indexes.map((n): Node => ({ level: 0, n }));
    const seed = `size ${size}, old ${old}, records ${indexes.join(' ')}`;
    assert.deepEqual(planTiles(size, leaves).tiles.map(pathOf), go['recordTiles'], seed);
    const oldNodes = subtreesOf(old);
    if (old > 0) {
      assert.deepEqual(planTiles(size, oldNodes).tiles.map(pathOf), go['oldTiles'], seed);
    }
    const access: TileAccess = {
      stored: async () => undefined,
      fetch: async (tile) => {
        tiles += 1;
        return { outcome: 'found', bytes: await tileFromGo(tile, size), upstream: 'oracle' };
      },
    };
    const tree = { size, root: Buffer.from(String(go['root']), 'base64') };
    const proof = await prove(tree, [...leaves, ...oldNodes], access, { trustStored: false });
    assert.equal(proof.kind, 'proven', seed);
    if (proof.kind === 'proven') {
      for (const leaf of leaves) {
        assert.deepEqual(proof.hash(leaf), recordHash(Buffer.from(`record ${leaf.n}\n`)), seed);
      }
      const oldRoot = rootOf(oldNodes.map((node) => proof.hash(node)));
      if (oldRoot !== undefined) {
        assert.equal(oldRoot.toString('base64'), go['oldRoot'], seed);
      }
    }
  }
  t.diagnostic(`${RUNS} trees, ${tiles} tiles`);
});

test('a changed byte in any tile is never proven', async () => {
  for (let run = 0; run < RUNS / 3; run++) {
    const size = randomSize();
    const leaf: Node = { level: 0, n: Math.floor(Math.random() * size) };
    const go = await oracle.ask({ kind: 'tree', height: 8, size, old: 0, indexes: [leaf.n] });
    const { tiles } = planTiles(size, [leaf]);
    const broken = Math.floor(Math.random() * tiles.length);
    const access: TileAccess = {
      stored: async () => undefined,
      fetch: async (tile) => {
        const bytes = await tileFromGo(tile, size);
        if (tiles[broken]?.level === tile.level && tiles[broken].n === tile.n) {
          const at = Math.floor(Math.random() * tile.width * HASH_BYTES);
          bytes[at] = (bytes[at] ?? 0) ^ 4;
        }
        return { outcome: 'found', bytes, upstream: 'oracle' };
      },
    };
    const tree = { size, root: Buffer.from(String(go['root']), 'base64') };
    const proof = await prove(tree, [leaf], access, { trustStored: false });
    assert.equal(proof.kind, 'inconsistent', `size ${size}, record ${leaf.n}, tile ${broken}`);
  }
});

test('tile paths are read and written as Go does', async () => {
  const alphabet = [
    'tile',
    '8',
    '0',
    '3',
    'data',
    'x001',
    'x000',
    '234',
    '067',
    '067.p',
    '1',
    '255',
    '256',
    '08',
    '',
    '31',
    '30',
    '-1',
    '000',
    'x1',
    '1000',
    '.p',
  ];
  for (let run = 0; run < RUNS * 20; run++) {
    const length = 1 + Math.floor(Math.random() * 5);
    const random = Array.from(
      { length },
      () => alphabet[Math.floor(Math.random() * alphabet.length)],
    );
    const n = Math.floor(Math.random() ** 4 * 1e10);
    const good = formatTilePath({ height: 8, level: run % 5, n, width: 1 + (run % 256) });
    const path = run % 3 === 0 ? good : ['tile', run % 2 === 0 ? '8' : '2', ...random].join('/');
    const go = await oracle.ask({ kind: 'tile', text: path });
    const ours = parseTilePath(path);
    // Go reads levels that no tree can have; we do not.
    const isPossible = !('error' in go) && Number(go['l']) <= 63;
    assert.equal(ours !== undefined, isPossible, path);
    if (ours !== undefined) {
      assert.deepEqual(
        [ours.height, ours.level === 'data' ? -1 : ours.level, ours.n, ours.width],
        [go['h'], go['l'], go['n'], go['w']],
      );
      assert.equal(formatTilePath(ours), path);
    }
  }
});

test('signed heads and records are believed exactly when Go believes them', async (t) => {
  const database = await startDatabase(t);
  database.grow(1000);
  const key = parseVerifierKey(database.key);
  const bytes = database.answer('lookup/m.test/!m1@v1.0.0') ?? Buffer.alloc(0);
  const counts: Record<string, number> = {};
  for (let run = 0; run < RUNS * 10; run++) {
    let text = bytes.toString();
    for (let times = run % 3; times > 0; times--) {
      const at = Math.floor(Math.random() * text.length);
      const insert =
        ['', '\n', ' ', 'A', '—', '+', '\u0001', '=', '0'][Math.floor(Math.random() * 9)] ?? '';
      text = text.slice(0, at) + insert + text.slice(at + Math.floor(Math.random() * 3));
    }
    const go = await oracle.ask({ kind: 'record', text });
    const ours = parseLookup(Buffer.from(text));
    // Go reads a number with a sign or leading zeros, which no database writes.
    const isOdd = !/^(0|[1-9]\d*)\n(?!\n)/.test(text);
    assert.equal(ours !== undefined, !('error' in go) && !isOdd, JSON.stringify(text));
    if (ours === undefined) {
      continue;
    }
    assert.equal(recordHash(ours.text).toString('base64'), go['hash']);
    const note = ours.note.toString();
    const believed = await oracle.ask({ kind: 'note', text: note, key: database.key });
    const opened = openTreeHead(ours.note, key);
    assert.equal(
      opened.ok,
      !('error' in believed),
      `${JSON.stringify(note)} ${JSON.stringify(believed)}`,
    );
    counts[String(opened.ok)] = (counts[String(opened.ok)] ?? 0) + 1;
    if (opened.ok) {
      assert.equal(opened.head.size, believed['size']);
    }
  }
  t.diagnostic(JSON.stringify(counts));
});
