import { dirname, isAbsolute, join, relative } from 'node:path';
import { parseWorkfile } from '../gomod/modfile/index.ts';
import { parseSumfile } from '../gomod/sumfile/index.ts';
import type { SumEntry } from '../gomod/sumfile/index.ts';
import { isProgramError } from '../platform/index.ts';
import type { Files } from '../platform/index.ts';
import type { GoPlaces } from './go-settings.ts';

/** The hash that a go.mod or a module zip must have, because a line of go.sum says so. */
export interface ExpectedHash {
  readonly path: string;
  readonly version: string;
  readonly kind: 'mod' | 'zip';
  /** `h1:` and base64. */
  readonly hash: string;
  /** Where it stands, for people: `go.sum:12`. */
  readonly place: string;
}

/** What the go.sum files of a command say. */
export interface GoSums {
  readonly entries: readonly SumEntry[];
  /** What each artifact must be, so far as a line can be understood. */
  readonly hashes: readonly ExpectedHash[];
  /** Why some of them were not read. */
  readonly problem: string | undefined;
}

/** The largest go.sum in use has a megabyte or two. */
const MAXIMUM_BYTES = 16 * 1024 * 1024;
/** Of all files of a workspace; in memory they are several times as large. */
const MAXIMUM_TOTAL_BYTES = 32 * 1024 * 1024;
/** Beyond this a workspace is not one that a person wrote. */
const MAXIMUM_MEMBERS = 500;
/** SHA-256 in base64 (https://go.dev/ref/mod#go-sum-files); other algorithms are not known here. */
const HASH = /^h1:[A-Za-z0-9+/]{43}=$/u;

/** The file that `go` calls the main one: go.work, else go.mod; undefined where there is none. */
export function mainFile({ GOMOD, GOWORK }: GoPlaces): string | undefined {
  const main = isAbsolute(GOWORK) ? GOWORK : GOMOD;
  return isAbsolute(main) && /\.(?:mod|work)$/u.test(main) ? main : undefined;
}

/** Reads the go.sum beside go.mod, or those of a workspace. What cannot be read is passed over. */
export async function readGoSums(
  files: Pick<Files, 'readWhole'>,
  places: GoPlaces,
): Promise<GoSums> {
  const main = mainFile(places);
  const entries: SumEntry[] = [];
  const hashes: ExpectedHash[] = [];
  // With another go.mod goes another go.sum (https://go.dev/ref/mod#build-commands).
  if (main === undefined || /(?:^|\s)-modfile=/u.test(places.GOFLAGS)) {
    return { entries, hashes, problem: undefined };
  }
  try {
    let total = 0;
    for (const file of await sumFiles(files, main, places)) {
      const name = relative(dirname(main), file);
      const bytes = await files.readWhole(file, MAXIMUM_BYTES);
      total += bytes?.length ?? 0;
      if (total > MAXIMUM_TOTAL_BYTES) {
        const problem = `the go.sum files are larger than ${MAXIMUM_TOTAL_BYTES} bytes together`;
        return { entries, hashes, problem };
      }
      const read = parseSumfile(file, bytes?.toString('utf8') ?? '').entries;
      for (const entry of read) {
        entries.push(entry);
        if (HASH.test(entry.hash)) hashes.push(expectedHash(name, entry));
      }
    }
  } catch (error) {
    if (!isProgramError(error)) throw error;
    return { entries, hashes, problem: error.message };
  }
  return { entries, hashes, problem: undefined };
}

const GO_MOD = '/go.mod';

function expectedHash(name: string, { path, version, hash, line }: SumEntry): ExpectedHash {
  const place = `${name}:${line ?? 0}`;
  return version.endsWith(GO_MOD)
    ? { path, version: version.slice(0, -GO_MOD.length), kind: 'mod', hash, place }
    : { path, version, kind: 'zip', hash, place };
}

async function sumFiles(
  files: Pick<Files, 'readWhole'>,
  main: string,
  { GOWORK }: GoPlaces,
): Promise<readonly string[]> {
  if (main !== GOWORK) {
    return [`${main.slice(0, -'.mod'.length)}.sum`];
  }
  const bytes = await files.readWhole(main, MAXIMUM_BYTES);
  const parsed = parseWorkfile(main, bytes?.toString('utf8') ?? '');
  const members = parsed.ok ? parsed.value.use.slice(0, MAXIMUM_MEMBERS) : [];
  const sums = members.map(({ path }) =>
    join(isAbsolute(path) ? path : join(dirname(main), path), 'go.sum'),
  );
  return [`${main}.sum`, ...sums];
}
