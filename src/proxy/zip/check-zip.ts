import { createHash } from 'node:crypto';
import type { ByteSource } from './byte-source.ts';
import { parseDirectoryHeader, type DirectoryEntry } from './directory-entry.ts';
import { readDirectoryEnd } from './directory-end.ts';
import { checkContent } from './entry-content.ts';
import {
  ENTRY_COST_BYTES,
  MAXIMUM_DIRECTORY_BYTES,
  MAXIMUM_ZIP_BYTES,
  SLICE_BYTES,
} from './limits.ts';
import { readLocalHeader } from './local-header.ts';
import { checkNames } from './name-rules.ts';

export type ZipVerdict =
  | {
      readonly verdict: 'good';
      readonly h1: string;
      /** The hash of the go.mod inside, when there is one, as go.sum has it. */
      readonly goModHash?: string;
      readonly entries: number;
      readonly uncompressedBytes: number;
    }
  /** Sound, but `go` refuses its names, and says so better than we could. */
  | { readonly verdict: 'entry-names'; readonly problem: string }
  | { readonly verdict: 'bad'; readonly problem: string };

interface Entry extends DirectoryEntry {
  /** With the `module@version/` prefix; an approximation when the bytes are not UTF-8. */
  readonly name: string;
}

interface Directory {
  readonly entries: readonly Entry[];
  readonly baseOffset: number;
}

interface NameFinding {
  readonly names?: string;
  readonly bad?: string;
}

/** Whatever is called good here, `go` accepts too, with the same h1 (rules P-50 to P-56). */
export async function checkZip(
  path: string,
  version: string,
  source: ByteSource,
): Promise<ZipVerdict> {
  if (source.size > MAXIMUM_ZIP_BYTES) {
    return bad(`it is larger than ${MAXIMUM_ZIP_BYTES} bytes`);
  }
  const directory = await readDirectory(source);
  if ('problem' in directory) {
    return bad(directory.problem);
  }
  const root = `${path}@${version}`;
  const finding = examineNames(directory.entries, root);
  if (finding.bad !== undefined) {
    return bad(finding.bad);
  }
  const content = await readContents(source, directory);
  if ('problem' in content) {
    return bad(content.problem);
  }
  if (finding.names !== undefined) {
    return { verdict: 'entry-names', problem: finding.names };
  }
  const goMod = content.hashes.get(`${root}/go.mod`)?.[0];
  return {
    verdict: 'good',
    h1: hashOne(content.hashes),
    ...(goMod === undefined ? {} : { goModHash: hashOne(new Map([['go.mod', [goMod]]])) }),
    entries: directory.entries.length,
    uncompressedBytes: content.bytes,
  };
}

function bad(problem: string): ZipVerdict {
  return { verdict: 'bad', problem };
}

async function readDirectory(
  source: ByteSource,
): Promise<Directory | { readonly problem: string }> {
  const end = await readDirectoryEnd(source);
  if ('problem' in end) {
    return end;
  }
  const entries: Entry[] = [];
  let position = end.directoryStart;
  // As archive/zip: read headers until something else stands there, then compare the count.
  for (;;) {
    const result = await parseDirectoryHeader(source, position);
    if (result.kind === 'cut') {
      return { problem: 'its central directory is cut off' };
    }
    if (result.kind === 'end') {
      break;
    }
    entries.push({ ...result.entry, name: result.entry.nameBytes.toString('utf8') });
    position = result.next;
    if (position - end.directoryStart > MAXIMUM_DIRECTORY_BYTES) {
      return { problem: `its central directory is larger than ${MAXIMUM_DIRECTORY_BYTES} bytes` };
    }
  }
  if ((entries.length & 0xffff) !== (end.records & 0xffff)) {
    return {
      problem: `its central directory holds ${entries.length} entries but declares ${end.records}`,
    };
  }
  return { entries, baseOffset: end.baseOffset };
}

function examineNames(entries: readonly Entry[], root: string): NameFinding {
  const prefix = `${root}/`;
  let names: string | undefined;
  const inside: { name: string; contentBytes: number }[] = [];
  for (const { name, nameBytes, contentBytes } of entries) {
    if (!name.startsWith(prefix)) {
      if (!name.startsWith(root)) {
        return { bad: `it holds ${show(name)}, which is not below ${show(prefix)}` };
      }
      names ??= `it holds ${show(name)}, which is not below ${show(prefix)}`;
    } else if (name.includes('\uFFFD') && !Buffer.from(name).equals(nameBytes)) {
      names ??= `it holds ${show(name)}, which is not UTF-8`;
    } else {
      inside.push({ name: name.slice(prefix.length), contentBytes });
    }
  }
  const rules = checkNames(inside);
  if (rules.kind === 'limits') {
    return { bad: rules.problem };
  }
  names ??= rules.kind === 'names' ? rules.problem : undefined;
  return names === undefined ? {} : { names };
}

interface Contents {
  /** SHA-256 in hex by name; a directory may be there several times, and each counts. */
  readonly hashes: ReadonlyMap<string, readonly string[]>;
  readonly bytes: number;
}

async function readContents(
  source: ByteSource,
  { entries, baseOffset }: Directory,
): Promise<Contents | { readonly problem: string }> {
  const hashes = new Map<string, string[]>();
  let bytes = 0;
  let slice = 0;
  let free = 0;
  // In file order, so that the file is read forward once and overlapping entries show.
  for (const entry of entries.toSorted((a, b) => a.headerOffset - b.headerOffset)) {
    const start = entry.headerOffset + baseOffset;
    const header = await readLocalHeader(source, start, entry);
    if ('problem' in header) {
      return about(entry, header.problem);
    }
    if (start < free) {
      return about(entry, 'overlaps another entry');
    }
    const content = await readOne(source, entry, header.dataStart);
    if ('problem' in content) {
      return about(entry, content.problem);
    }
    free = header.dataStart + entry.compressedBytes;
    bytes += entry.contentBytes;
    slice += entry.contentBytes + ENTRY_COST_BYTES;
    const same = hashes.get(entry.name);
    if (same === undefined) {
      hashes.set(entry.name, [content.sha256]);
    } else {
      same.push(content.sha256);
    }
    if (slice > SLICE_BYTES) {
      slice = 0;
      await source.pause();
    }
  }
  return { hashes, bytes };
}

function about(entry: Entry, problem: string): { readonly problem: string } {
  return { problem: `entry ${show(entry.name)} ${problem}` };
}

const EMPTY_SHA256 = createHash('sha256').digest('hex');

async function readOne(
  source: ByteSource,
  entry: Entry,
  dataStart: number,
): Promise<{ readonly sha256: string } | { readonly problem: string }> {
  if (!entry.name.endsWith('/')) {
    return await checkContent(source, entry, dataStart);
  }
  // Some writers give directories a compressed size; archive/zip refuses only content.
  return entry.contentBytes === 0
    ? { sha256: EMPTY_SHA256 }
    : { problem: 'is a directory and yet declares content' };
}

/** The `h1:` hash of go.sum over names and content hashes (module reference, "go.sum files"; P-55). */
function hashOne(hashes: ReadonlyMap<string, readonly string[]>): string {
  const all = createHash('sha256');
  for (const name of [...hashes.keys()].toSorted(compareBytes)) {
    for (const sha256 of hashes.get(name) ?? []) {
      all.update(`${sha256}  ${name}\n`);
    }
  }
  return `h1:${all.digest('base64')}`;
}

/** Go sorts strings by their UTF-8 bytes, JavaScript by UTF-16 units. */
function compareBytes(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return /[\uD800-\uFFFF]/.test(a + b)
    ? Buffer.compare(Buffer.from(a), Buffer.from(b))
    : a < b
      ? -1
      : 1;
}

/** A name from the zip, short enough for one line of an error. */
function show(name: string): string {
  return JSON.stringify(name.length > 120 ? `${name.slice(0, 120)}…` : name);
}
