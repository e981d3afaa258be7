import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProgramError } from '../../platform/index.ts';
import { HASH_BYTES, nodeHash, recordHash } from './hashes.ts';
import { hashesOf, parseLookup } from './lookup-text.ts';
import { prove, type TileAccess } from './prove.ts';
import { createLookupReader } from './read-lookup.ts';
import { openTreeHead, parseVerifierKey } from './signed-note.ts';
import { formatTilePath, parseTilePath } from './tile-path.ts';
import { hashFrom, planTiles, rootOf, subtreesOf, type Node, type Tile } from './tree-shape.ts';

// Known answers: values that golang.org/x/mod/sumdb, its note and tlog packages, and the logs of
// RFC 6962 publish, and the tamper test that GO-2026-6179 asks for.

const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const SAYING =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const SIGNED =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

function isKey(text: string): boolean {
  try {
    parseVerifierKey(text);
    return true;
  } catch (error) {
    assert.ok(isProgramError(error));
    return false;
  }
}

test('published keys are read, and no part or change of one is', () => {
  assert.equal(parseVerifierKey(PETER).id, 0xc74f20a3);
  assert.equal(parseVerifierKey(GO).id, 0x033de0ae);
  for (let start = 0; start < PETER.length; start++) {
    for (let end = start + 1; end <= PETER.length; end++) {
      const isWhole = start === 0 && end === PETER.length;
      assert.equal(isKey(PETER.slice(start, end)), isWhole, `${start} to ${end}`);
    }
    const next = String.fromCharCode(PETER.charCodeAt(start) + 1);
    const changed = PETER.slice(0, start) + next + PETER.slice(start + 1);
    assert.equal(isKey(changed), false, changed);
  }
  // Their hashes fit: a key of another length, and one of another algorithm.
  const long = 'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==';
  const other = 'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  assert.deepEqual([isKey(long), isKey(other)], [false, false]);
});

function problemOf(note: string): string {
  const opened = openTreeHead(Buffer.from(note), parseVerifierKey(PETER));
  return opened.ok ? 'none' : opened.problem;
}

test('the published signature is right, and is so over that text alone', () => {
  // It is right, so that all that is missing is a tree.
  const right = 'the tree head does not describe a tree';
  assert.equal(problemOf(`${SAYING}\n${SIGNED}`), right);
  // A second one under the same name counts once; one of a stranger not at all.
  assert.equal(problemOf(`${SAYING}\n${SIGNED}${SIGNED}`), right);
  assert.equal(problemOf(`${SAYING}\n${SIGNED}${SIGNED.replace('Peter', 'Paul')}`), right);
  const wrong = 'the signature of PeterNeumann is wrong';
  assert.equal(problemOf(`${SAYING.replace('you', 'we')}\n${SIGNED}`), wrong);
  assert.equal(problemOf(`${SAYING}\n${SIGNED.replace('go/Z', 'go/Y')}`), wrong);
  const unsigned = 'the tree head is not signed by the key of PeterNeumann';
  assert.equal(problemOf(`${SAYING}\n${SIGNED.replace('Peter', 'Paul')}`), unsigned);
});

/** What sum.golang.org signed, at three times; the first two are whole answers to lookups. */
const GO = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8';
const LOOKUPS = [
  {
    path: 'github.com/google/uuid',
    version: 'v1.2.0',
    zip: 'h1:qJYtXnJRWmpe7m/3XlyhrsLrEURqHRM2kxzoxXqyUDs=',
    mod: 'h1:TIyPZe4MgqvfeYDBFedMoGGpEw/LqOeaOT+nhxU+yHo=',
    id: 2_580_307,
    size: 3_935_567,
    root: 'SapHtgdNCeF00Cx8kqztePV24kgzNg++Xovae42HAMw=',
    signature:
      'Az3grsm7Wm4CVNR1RHq9BFnu9jzcRlU2uw7lr0gfUWgO6+rqPNjT+fUTl9gH0NRTgdwW9nItuQSMbhSaLCsk8YeYSAs=',
  },
  {
    path: 'golang.org/x/tools',
    version: 'v0.44.0',
    zip: 'h1:UP4ajHPIcuMjT1GqzDWRlalUEoY+uzoZKnhOjbIPD2c=',
    mod: 'h1:KA0AfVErSdxRZIsOVipbv3rQhVXTnlU6UhKxHd1seDI=',
    id: 52_253_027,
    size: 52_544_510,
    root: '+TGlZfnTizQCJgyZR56QixD8+X4dd8Wefy8U1w6k0Ig=',
    signature:
      'Az3grn6d1PSjcypDf9bfcFVU5fvJB7VkLc0MAbz8jqeQVnSbAj9pKcsB5dJt5VdswPDUtiFar5LPRBu+uEQAT1CDfAc=',
  },
];

test('what sum.golang.org once answered is read and its signature right; changed anywhere it is not', () => {
  const read = createLookupReader(parseVerifierKey(GO));
  for (const { path, version, zip, mod, id, size, root, signature } of LOOKUPS) {
    const text = `${path} ${version} ${zip}\n${path} ${version}/go.mod ${mod}\n`;
    const head = `go.sum database tree\n${size}\n${root}\n\n— sum.golang.org ${signature}\n`;
    const found = read(Buffer.from(`${id}\n${text}\n${head}`), path, version);
    assert.equal(found.kind === 'read' && found.head.size, size);
    assert.deepEqual(found.kind === 'read' && hashesOf(found.text.text, path, version), {
      zip,
      mod,
    });
    for (let at = 0; at < head.length; at++) {
      const other = head[at] === 'A' ? 'B' : 'A';
      const changed = head.slice(0, at) + other + head.slice(at + 1);
      const said = read(Buffer.from(`${id}\n${text}\n${changed}`), path, version);
      assert.equal(said.kind, 'refused', changed);
    }
  }
});

const TREE = 'go.sum database tree\n123456789012\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n';

test('the published tree text is read, with whatever follows it, and no other form is', () => {
  const read = (text: string): ReturnType<typeof openTreeHead> =>
    openTreeHead(Buffer.from(`${text}\n— anybody AAAAAAAA\n`), undefined);
  for (const text of [TREE, `${TREE}JOE\n`, TREE + 'JOE\n'.repeat(1000)]) {
    const opened = read(text);
    assert.equal(opened.ok && opened.head.size, 123_456_789_012);
    assert.deepEqual(opened.ok && opened.head.root, recordHash(Buffer.from('hello world')));
  }
  for (const text of [
    `not-${TREE}`,
    TREE.replace('123456789012', '0xabcdef'),
    TREE.replace('Bb0=', 'BTOOBIG='),
  ]) {
    assert.equal(read(text).ok, false, text);
  }
});

test('the published record is read, and its malformed relatives are not', () => {
  const rest = Buffer.from('junk on end\u0001\u00ff', 'latin1');
  const found = parseLookup(Buffer.concat([Buffer.from('123456789012\nhello, world\n\n'), rest]));
  assert.equal(found?.id, 123_456_789_012);
  assert.equal(found.text.toString(), 'hello, world\n');
  assert.deepEqual(found.note, rest);
  for (const bad of [
    'not-123456789012\nhello, world\n\n',
    '123\nhello\u0001world\n\n',
    '123\nhello\u00ffworld\n\n',
    '123\nhello world\n',
    '0x123\nhello world\n\n',
  ]) {
    assert.equal(parseLookup(Buffer.from(bad, 'latin1')), undefined, bad);
  }
});

test('published tile paths are read as they are meant', () => {
  const good: readonly (readonly [string, number, number, number, number])[] = [
    ['tile/4/0/001', 4, 0, 1, 16],
    ['tile/4/0/001.p/5', 4, 0, 1, 5],
    ['tile/3/5/x123/x456/078', 3, 5, 123_456_078, 8],
    ['tile/3/5/x123/x456/078.p/2', 3, 5, 123_456_078, 2],
    ['tile/1/0/x003/x057/500', 1, 0, 3_057_500, 2],
    ['tile/8/0/x001/x234/067', 8, 0, 1_234_067, 256],
  ];
  for (const [path, height, level, n, width] of good) {
    assert.deepEqual(parseTilePath(path), { height, level, n, width });
    assert.equal(formatTilePath({ height, level, n, width }), path);
  }
  for (const bad of ['tile/3/5/123/456/078', 'tile/3/-1/123/456/078', 'tile/3/5/x123/456/078']) {
    assert.equal(parseTilePath(bad), undefined, bad);
  }
});

/** Leaves and roots of the trees that logs of RFC 6962 are tested with. */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

test('roots of the trees of RFC 6962 are the published ones', () => {
  const row = Buffer.concat(LEAVES.map((leaf) => recordHash(Buffer.from(leaf, 'hex'))));
  for (const [index, root] of ROOTS.entries()) {
    const subtrees = subtreesOf(index + 1).map((node) => hashFrom(row, node));
    assert.equal(rootOf(subtrees)?.toString('hex'), root, `${index + 1} leaves`);
  }
});

/** Rows of hashes of a tree, by level; whole subtrees only. */
function rowsOf(size: number): readonly (readonly Buffer[])[] {
  const rows = [Array.from({ length: size }, (_, n) => recordHash(Buffer.from(`record ${n}\n`)))];
  for (let below = rows[0] ?? []; below.length > 1; below = rows.at(-1) ?? []) {
    const above: Buffer[] = [];
    for (let at = 0; at + 1 < below.length; at += 2) {
      above.push(nodeHash(below[at] ?? Buffer.alloc(0), below[at + 1] ?? Buffer.alloc(0)));
    }
    rows.push(above);
  }
  return rows;
}

interface Tampering {
  readonly tile: Tile;
  readonly hash: number;
}

/** Whether a record is proven in a tree, one hash of one of whose tiles may be another. */
async function proofOf(
  size: number,
  rows: readonly (readonly Buffer[])[],
  leaf: Node,
  tampering: Tampering | undefined,
): Promise<string> {
  const access: TileAccess = {
    stored: async () => undefined,
    fetch: async (tile) => {
      const start = tile.n * 256;
      const bytes = Buffer.concat((rows[tile.level * 8] ?? []).slice(start, start + tile.width));
      if (tampering?.tile.level === tile.level && tampering.tile.n === tile.n) {
        const at = tampering.hash * HASH_BYTES + (tampering.hash % HASH_BYTES);
        bytes.writeUInt8(bytes.readUInt8(at) ^ 0x80, at);
      }
      return { outcome: 'found', bytes, upstream: 'test' };
    },
  };
  const root = rootOf(subtreesOf(size).map(({ level, n }) => rows[level]?.[n] ?? Buffer.alloc(0)));
  const tree = { size, root: root ?? Buffer.alloc(0) };
  return (await prove(tree, [leaf], access, { trustStored: false })).kind;
}

test('a record is proven by true tiles, and by none of which one hash is another', async () => {
  const sizes = [
    ...Array.from({ length: 100 }, (_, index) => index + 1),
    255,
    256,
    257,
    512,
    513,
    66_049,
  ];
  for (const size of sizes) {
    const rows = rowsOf(size);
    const n = Math.floor((size * 2) / 5);
    const leaf: Node = { level: 0, n };
    assert.equal(await proofOf(size, rows, leaf, undefined), 'proven', `${n} of ${size}`);
    for (const tile of planTiles(size, [leaf]).tiles) {
      // Of large trees some hashes of each tile, for the sake of time.
      for (let hash = 0; hash < tile.width; hash += size > 100 ? 19 : 1) {
        const said = await proofOf(size, rows, leaf, { tile, hash });
        assert.equal(said, 'inconsistent', `${n} of ${size}, hash ${hash}`);
      }
    }
  }
});
