import { join } from 'node:path';
import type { HashedEntry } from '../gomod/sumfile/index.ts';
import type { Damage } from './damage.ts';
import { describeDifference, hashTree } from './hash-tree.ts';
import type { HashedTree } from './hash-tree.ts';
import { fileOf, nameOf } from './judged.ts';
import { readSmall } from './small-file.ts';
import type { Judged, Subject } from './judged.ts';
import { isHash, weigh } from './weigh.ts';
import type { Weighed } from './weigh.ts';

/** A hash is 47 bytes; what is longer is none. */
const HASH_FILE_BYTES = 4096;

const TOOLCHAIN = 'golang.org/toolchain';

interface ReadZip {
  /** `h1:…`, `broken`, or undefined when there is none. */
  readonly hash: string | undefined;
  readonly problem: string | undefined;
  readonly files: readonly HashedEntry[];
  readonly goMod: string | undefined;
  readonly bytes: number;
}

export interface JudgedZip extends Judged {
  /** The hash of the go.mod inside, when the zip is what it should be. */
  readonly goMod: string | undefined;
}

/** The zip, its hash file and the unpacked directory, each weighed against the others. */
export async function judgeZip(subject: Subject): Promise<JudgedZip> {
  const written = await readWritten(subject);
  const trusted = await subject.trusted.of(subject.module, 'zip');
  const zip = await readZip(subject);
  // What lies under a `.partial` marker is known to be unfinished.
  const tree: HashedTree = subject.files.kinds.has('partial')
    ? { kind: 'absent' }
    : await hashTree(subject.needs.tree, join(subject.root, subject.unpacked), {
        prefix: nameOf(subject),
        isToolchain: subject.module.path === TOOLCHAIN,
      });
  const weighed = weigh({
    trusted: trusted?.hash,
    written,
    zip: zip.hash,
    tree: tree.kind === 'hashed' ? tree.h1 : tree.kind === 'foreign' ? 'foreign' : undefined,
  });
  const shown = { reference: weighed.reference, from: trusted?.from };
  const damages = [
    ...zipDamage(subject, weighed, zip, shown),
    ...hashDamage(subject, weighed, written, zip.hash !== undefined, shown),
    ...missingHash(subject, written, zip.hash !== undefined, tree),
    ...treeDamage(subject, weighed, zip, tree),
  ];
  const bytes = zip.bytes + (tree.kind === 'absent' ? 0 : tree.bytes);
  return { damages, bytes, goMod: weighed.broken.has('zip') ? undefined : zip.goMod };
}

interface Shown {
  readonly reference: string | undefined;
  readonly from: string | undefined;
}

/** Undefined when absent; `malformed` when it is no hash. */
async function readWritten(subject: Subject): Promise<string | undefined> {
  const read = await readSmall(subject, fileOf(subject, 'ziphash'), HASH_FILE_BYTES);
  if (read.kind === 'absent') return undefined;
  const text = read.kind === 'read' ? read.bytes.toString('latin1').trim() : '';
  return isHash(text) ? text : 'malformed';
}

async function readZip(subject: Subject): Promise<ReadZip> {
  const { needs, root, module, signal } = subject;
  const none = { files: [], goMod: undefined, bytes: 0 };
  const file = await needs.tree.open(join(root, fileOf(subject, 'zip')));
  if (file === undefined) return { ...none, hash: undefined, problem: undefined };
  try {
    const { size } = file.status;
    if (size === 0) return { ...none, hash: 'broken', problem: 'it is empty' };
    const verdict = await needs.zips.check({
      ...module,
      listFiles: true,
      source: { kind: 'reader', size, read: file.read },
      signal,
    });
    if (verdict.verdict === 'good') {
      const { h1, goModHash, files = [] } = verdict;
      return { hash: h1, problem: undefined, files, goMod: goModHash, bytes: size };
    }
    const hash = verdict.verdict === 'entry-names' ? verdict.h1 : undefined;
    return { ...none, hash: hash ?? 'broken', problem: verdict.problem, bytes: size };
  } finally {
    await file.close();
  }
}

function against({ reference, from }: Shown): string {
  if (reference === undefined) return 'and neither the hash file nor the unpacked module agrees';
  return `where ${from ?? 'the rest of the entry'} has ${reference}`;
}

function zipDamage(
  subject: Subject,
  { broken }: Weighed,
  { hash, problem }: ReadZip,
  shown: Shown,
): readonly Damage[] {
  if (!broken.has('zip')) return [];
  const file = fileOf(subject, 'zip');
  const proof =
    hash === 'broken'
      ? (problem ?? 'it cannot be read')
      : `its hash is ${hash ?? 'unknown'}, ${against(shown)}`;
  return [
    {
      code: 'cache-corrupt',
      severity: 'error',
      title: `the cached zip of ${nameOf(subject)} is not that module`,
      proof,
      file,
      module: subject.module,
      remove: [file],
      behaviour: 'go takes a zip that is in the cache as it is and does not fetch it again.',
      goMends: false,
      confidence: 1,
    },
  ];
}

function hashDamage(
  subject: Subject,
  { broken }: Weighed,
  written: string | undefined,
  hasZip: boolean,
  shown: Shown,
): readonly Damage[] {
  if (!broken.has('ziphash')) return [];
  const file = fileOf(subject, 'ziphash');
  const isMalformed = written === 'malformed';
  return [
    {
      code: 'cache-corrupt',
      severity: 'error',
      title: `the hash file of ${nameOf(subject)} is wrong`,
      proof: isMalformed
        ? 'it holds no h1: hash'
        : `it says ${written ?? 'nothing'}, ${against(shown)}`,
      file,
      module: subject.module,
      remove: [file],
      behaviour: isMalformed
        ? 'go writes an unreadable hash file again when the zip is there; go mod verify reports it until then.'
        : 'go compares this hash with go.sum instead of hashing the zip, and reports a checksum mismatch.',
      goMends: isMalformed && hasZip,
      confidence: 1,
    },
  ];
}

function missingHash(
  subject: Subject,
  written: string | undefined,
  hasZip: boolean,
  tree: HashedTree,
): readonly Damage[] {
  // Go unpacks this one from its own distribution, without a zip in the cache.
  const isBuiltIn = subject.module.path === 'golang.org/fips140';
  if (written !== undefined || (!hasZip && tree.kind === 'absent') || isBuiltIn) return [];
  return [
    {
      code: 'cache-corrupt',
      severity: 'warning',
      title: `the hash file of ${nameOf(subject)} is missing`,
      proof: 'there is no such file beside what it belongs to',
      file: fileOf(subject, 'ziphash'),
      module: subject.module,
      remove: [],
      behaviour: 'go hashes the zip again and unpacks it again; go mod verify fails until then.',
      goMends: true,
      confidence: 1,
    },
  ];
}

function treeDamage(
  subject: Subject,
  { broken, reference }: Weighed,
  zip: ReadZip,
  tree: HashedTree,
): readonly Damage[] {
  if (!broken.has('tree') || tree.kind === 'absent') return [];
  const isListed = zip.hash === reference && zip.files.length > 0;
  const proof =
    tree.kind === 'foreign'
      ? tree.problem
      : isListed
        ? describeDifference(zip.files, tree.files)
        : `its hash is ${tree.h1}, and ${reference ?? 'nothing'} was expected`;
  return [
    {
      code: 'cache-corrupt',
      severity: 'error',
      title: `the unpacked ${nameOf(subject)} was changed`,
      proof,
      file: subject.unpacked,
      module: subject.module,
      remove: [subject.unpacked],
      marker: fileOf(subject, 'partial'),
      behaviour:
        'go compiles what is in this directory and compares it with nothing; only go mod verify does.',
      goMends: false,
      confidence: 1,
    },
  ];
}
