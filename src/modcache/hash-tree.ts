import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { hash1, type HashedEntry } from '../gomod/sumfile/index.ts';
import type { Tree, TreeName } from '../platform/tree/index.ts';

/** One read; a file is hashed piece by piece. */
const READ_BYTES = 256 * 1024;
/** A zip of 500 MB cannot hold more names than this in its 64 MiB directory. */
const MAXIMUM_FILES = 1_000_000;

export type HashedTree =
  | {
      readonly kind: 'hashed';
      readonly h1: string;
      readonly files: readonly HashedEntry[];
      readonly bytes: number;
    }
  | { readonly kind: 'absent' }
  /** Something in it is no file, or there is too much of it. */
  | { readonly kind: 'foreign'; readonly problem: string; readonly bytes: number };

interface Walked {
  readonly files: HashedEntry[];
  bytes: number;
  readonly problem: string | undefined;
}

/**
 * The `h1:` hash of an unpacked module, as `go mod verify` makes it (`dirhash.HashDir`): every file
 * under `PATH@VERSION/`, none left out; empty directories do not count.
 */
export async function hashTree(
  tree: Tree,
  directory: string,
  { prefix, isToolchain }: { readonly prefix: string; readonly isToolchain: boolean },
): Promise<HashedTree> {
  const top = await tree.list(directory);
  if (top === undefined) return { kind: 'absent' };
  const walked = await walk(tree, directory, prefix, top);
  if (walked.problem !== undefined) {
    return { kind: 'foreign', problem: walked.problem, bytes: walked.bytes };
  }
  const files = isToolchain ? withoutRenamed(walked.files) : walked.files;
  const hash = hash1(files);
  return hash.ok
    ? { kind: 'hashed', h1: hash.value, files, bytes: walked.bytes }
    : { kind: 'foreign', problem: hash.problem, bytes: walked.bytes };
}

async function walk(
  tree: Tree,
  directory: string,
  prefix: string,
  top: readonly TreeName[],
): Promise<Walked> {
  const files: HashedEntry[] = [];
  let bytes = 0;
  const waiting = [{ directory, prefix, names: top }];
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const { name, kind } of next.names) {
      const path = join(next.directory, name);
      const shown = `${next.prefix}/${name}`;
      if (kind === 'directory') {
        const names = (await tree.list(path)) ?? [];
        waiting.push({ directory: path, prefix: shown, names });
        continue;
      }
      if (kind !== 'file') {
        const what = kind === 'link' ? 'a symbolic link' : 'neither file nor directory';
        return { files, bytes, problem: `${shown} is ${what}, which no module zip can hold` };
      }
      const hashed = await hashFile(tree, path, buffer);
      if (hashed === undefined) continue;
      bytes += hashed.bytes;
      files.push({ name: shown, sha256: hashed.sha256 });
      if (files.length > MAXIMUM_FILES) {
        return { files, bytes, problem: `it has more than ${MAXIMUM_FILES} files` };
      }
    }
  }
  return { files, bytes, problem: undefined };
}

async function hashFile(
  tree: Tree,
  path: string,
  buffer: Buffer,
): Promise<{ readonly sha256: string; readonly bytes: number } | undefined> {
  const file = await tree.open(path);
  if (file === undefined) return undefined;
  const hash = createHash('sha256');
  try {
    let position = 0;
    for (;;) {
      const count = await file.read(buffer, position);
      if (count === 0) break;
      hash.update(buffer.subarray(0, count));
      position += count;
    }
    return { sha256: hash.digest('hex'), bytes: position };
  } finally {
    await file.close();
  }
}

/** A toolchain's zip cannot hold nested go.mod files, so go copies each `_go.mod` beside it. */
function withoutRenamed(files: readonly HashedEntry[]): readonly HashedEntry[] {
  const hashes = new Map(files.map(({ name, sha256 }) => [name, sha256]));
  return files.filter(({ name, sha256 }) => {
    if (!name.endsWith('/go.mod')) return true;
    return hashes.get(name.replace(/go\.mod$/, '_go.mod')) !== sha256;
  });
}

/** A few names that say what differs. */
export function describeDifference(
  zip: readonly HashedEntry[],
  tree: readonly HashedEntry[],
): string {
  const wanted = new Map(
    zip.filter(({ name }) => !name.endsWith('/')).map(({ name, sha256 }) => [name, sha256]),
  );
  const found = new Map(tree.map(({ name, sha256 }) => [name, sha256]));
  const differences: string[] = [];
  for (const [name, sha256] of wanted) {
    const there = found.get(name);
    if (there === undefined) differences.push(`missing ${inside(name)}`);
    else if (there !== sha256) differences.push(`changed ${inside(name)}`);
  }
  for (const name of found.keys()) {
    if (!wanted.has(name)) differences.push(`additional ${inside(name)}`);
  }
  const rest = differences.length - NAMED_DIFFERENCES;
  const shown = differences.slice(0, NAMED_DIFFERENCES).join(', ');
  return rest > 0 ? `${shown}, and ${rest} more` : shown;
}

/** More would not help anybody. */
const NAMED_DIFFERENCES = 5;

/** Without `PATH@VERSION/`. */
function inside(name: string): string {
  return JSON.stringify(name.slice(name.indexOf('/', name.indexOf('@')) + 1));
}
