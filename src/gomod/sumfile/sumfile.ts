import { compareBytes, fieldsOf } from '../text/index.ts';
import { compareVersions } from '../version/index.ts';

// go.sum: https://go.dev/ref/mod#go-sum-files

/** The hash of an empty go.mod. An old `go` wrote it for what was no module, and every later one passes over it. */
const EMPTY_GO_MOD_HASH = 'h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=';

export interface SumEntry {
  readonly path: string;
  /** With `/go.mod` at its end when the hash is of the go.mod file alone. */
  readonly version: string;
  /** `h1:` and 44 base64 characters; other algorithms may come. */
  readonly hash: string;
  /** From 1; absent for an entry that was not read from a file. */
  readonly line?: number;
}

export interface SumProblem {
  readonly line: number;
  readonly message: string;
}

export interface Sumfile {
  readonly entries: readonly SumEntry[];
  /** Malformed lines, which `go mod tidy` passes over and every other command refuses. */
  readonly problems: readonly SumProblem[];
}

export function parseSumfile(name: string, text: string): Sumfile {
  const entries: SumEntry[] = [];
  const problems: SumProblem[] = [];
  for (const [index, content] of text.split('\n').entries()) {
    const fields = fieldsOf(content);
    const [path = '', version = '', hash = ''] = fields;
    const line = index + 1;
    if (fields.length === 0) continue;
    if (fields.length !== 3) {
      problems.push({
        line,
        message: `malformed go.sum:\n${name}:${line}: wrong number of fields ${fields.length}`,
      });
    } else if (hash !== EMPTY_GO_MOD_HASH) {
      entries.push({ path, version, hash, line });
    }
  }
  return { entries, problems };
}

function splitFile(version: string): readonly [version: string, file: string] {
  const slash = version.indexOf('/');
  return slash < 0 ? [version, ''] : [version.slice(0, slash), version.slice(slash)];
}

function compareEntries(left: SumEntry, right: SumEntry): number {
  const [leftVersion, leftFile] = splitFile(left.version);
  const [rightVersion, rightFile] = splitFile(right.version);
  return (
    compareBytes(left.path, right.path) ||
    (leftVersion === rightVersion
      ? compareBytes(leftFile, rightFile)
      : compareVersions(leftVersion, rightVersion)) ||
    compareBytes(left.version, right.version) ||
    compareBytes(left.hash, right.hash)
  );
}

/** Writes go.sum as `go` does: sorted by path, version and file, each line once. */
export function formatSumfile(entries: readonly SumEntry[]): string {
  const lines = entries
    .toSorted(compareEntries)
    .map(({ path, version, hash }) => `${path} ${version} ${hash}\n`);
  return [...new Set(lines)].join('');
}
