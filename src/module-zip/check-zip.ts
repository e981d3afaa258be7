import { createHash } from 'node:crypto';
import { decodeText } from '../gomod/text/index.ts';
import { hash1, type HashedEntry } from '../gomod/sumfile/index.ts';
import { checkZip as checkModuleZip } from '../gomod/zipfile/index.ts';
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

export type ZipVerdict =
  | {
      readonly verdict: 'good';
      readonly h1: string;
      /** The hash of the go.mod inside, when there is one, as go.sum has it. */
      readonly goModHash?: string;
      readonly entries: number;
      readonly uncompressedBytes: number;
      /** With names as in the zip, when they were asked for. */
      readonly files?: readonly HashedEntry[];
    }
  /** Sound, but `go` refuses its names, and says so better than we could. */
  | { readonly verdict: 'entry-names'; readonly problem: string; readonly h1: string | undefined }
  | { readonly verdict: 'bad'; readonly problem: string; readonly flaw: ZipFlaw };

/**
 * What kind of wrong it is: `malformed` is no zip that Go can read, or not the whole of one; in a
 * `damaged` one some content is not what the zip itself says; `foreign` names belong to another module.
 */
export type ZipFlaw = 'malformed' | 'damaged' | 'foreign' | 'too-large';

interface Entry extends DirectoryEntry {
  /** With the `module@version/` prefix; bytes that are not UTF-8 show as lone surrogates. */
  readonly name: string;
}

interface Flaw {
  readonly problem: string;
  readonly flaw: ZipFlaw;
}

interface Directory {
  readonly entries: readonly Entry[];
  readonly baseOffset: number;
}

interface NameFinding {
  readonly names?: string;
  readonly bad?: Flaw;
}

export interface ZipQuestion {
  readonly path: string;
  readonly version: string;
  readonly listFiles: boolean;
}

/** Whatever is called good here, `go` accepts too, with the same h1 (rules P-50 to P-56). */
export async function checkZip(
  { path, version, listFiles }: ZipQuestion,
  source: ByteSource,
): Promise<ZipVerdict> {
  if (source.size > MAXIMUM_ZIP_BYTES) {
    return bad({ problem: `it is larger than ${MAXIMUM_ZIP_BYTES} bytes`, flaw: 'too-large' });
  }
  const directory = await readDirectory(source);
  if ('problem' in directory) {
    return bad({ problem: directory.problem, flaw: 'malformed' });
  }
  const finding = examineNames(directory.entries, { path, version }, source.size);
  if (finding.bad !== undefined) {
    return bad(finding.bad);
  }
  const content = await readContents(source, directory);
  if ('problem' in content) {
    return bad(content);
  }
  const h1 = hash1(content.hashed);
  if (finding.names !== undefined) {
    return { verdict: 'entry-names', problem: finding.names, h1: h1.ok ? h1.value : undefined };
  }
  const goMod = content.hashed.find(({ name }) => name === `${path}@${version}/go.mod`);
  if (!h1.ok) {
    return { verdict: 'entry-names', problem: h1.problem, h1: undefined };
  }
  return {
    verdict: 'good',
    h1: h1.value,
    ...(goMod === undefined ? {} : { goModHash: hashOfGoMod(goMod) }),
    entries: directory.entries.length,
    uncompressedBytes: content.bytes,
    ...(listFiles ? { files: content.hashed } : {}),
  };
}

/** The line of go.sum for the go.mod alone: the same hash over one file without a prefix. */
function hashOfGoMod({ sha256 }: HashedEntry): string {
  const h1 = hash1([{ name: 'go.mod', sha256 }]);
  return h1.ok ? h1.value : '';
}

function bad({ problem, flaw }: Flaw): ZipVerdict {
  return { verdict: 'bad', problem, flaw };
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
    entries.push({ ...result.entry, name: decodeText(result.entry.nameBytes) });
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

/** The rules of golang.org/x/mod/zip on names and declared sizes (P-50 to P-52). */
function examineNames(
  entries: readonly Entry[],
  module: { readonly path: string; readonly version: string },
  zipBytes: number,
): NameFinding {
  const named = entries.map(({ name, contentBytes }) => ({ name, size: contentBytes }));
  const checked = checkModuleZip(module, zipBytes, named);
  if (!checked.ok) {
    return { bad: { problem: checked.problem, flaw: 'foreign' } };
  }
  let names: string | undefined;
  for (const { class: kind, entry, problem } of checked.value.violations) {
    const text = entry === undefined ? problem : `${show(entry)}: ${problem}`;
    // Only a name that begins like the right ones is a fault of naming; others are of another module.
    const isForeign =
      kind === 'prefix' && entry?.startsWith(`${module.path}@${module.version}`) !== true;
    if (kind === 'size' || isForeign) {
      return { bad: { problem: text, flaw: isForeign ? 'foreign' : 'too-large' } };
    }
    names ??= text;
  }
  return names === undefined ? {} : { names };
}

interface Contents {
  /** A directory may be there several times, and each counts. */
  readonly hashed: readonly HashedEntry[];
  readonly bytes: number;
}

async function readContents(
  source: ByteSource,
  { entries, baseOffset }: Directory,
): Promise<Contents | Flaw> {
  const hashed: HashedEntry[] = [];
  let bytes = 0;
  let slice = 0;
  let free = 0;
  // In file order, so that the file is read forward once and overlapping entries show.
  for (const entry of entries.toSorted((a, b) => a.headerOffset - b.headerOffset)) {
    const start = entry.headerOffset + baseOffset;
    const header = await readLocalHeader(source, start, entry);
    if ('problem' in header) {
      return about(entry, header.problem, 'malformed');
    }
    if (start < free) {
      return about(entry, 'overlaps another entry', 'malformed');
    }
    const content = await readOne(source, entry, header.dataStart);
    if ('problem' in content) {
      return about(entry, content.problem, 'damaged');
    }
    free = header.dataStart + entry.compressedBytes;
    bytes += entry.contentBytes;
    slice += entry.contentBytes + ENTRY_COST_BYTES;
    hashed.push({ name: entry.name, sha256: content.sha256 });
    if (slice > SLICE_BYTES) {
      slice = 0;
      await source.pause();
    }
  }
  return { hashed, bytes };
}

function about(entry: Entry, problem: string, flaw: ZipFlaw): Flaw {
  return { problem: `entry ${show(entry.name)} ${problem}`, flaw };
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

/** A name from the zip, short enough for one line of an error. */
function show(name: string): string {
  return JSON.stringify(name.length > 120 ? `${name.slice(0, 120)}…` : name);
}
