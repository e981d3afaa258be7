import {
  compareVersions,
  isPseudoVersion,
  isValidVersion,
  prereleaseOf,
} from '../gomod/version/index.ts';

/**
 * The upstream's lines as they are, plus what only the store has. Nothing is filtered: the client throws
 * away what it does not want (P-21), and the toolchain's list looks unlike any other (P-83).
 */
export function joinVersions(upstream: Buffer, stored: readonly string[]): Buffer {
  const text = upstream.toString('utf8');
  const listed = new Set(text.split('\n').map((line) => line.trim().split(/\s/u, 1)[0] ?? ''));
  const missing = stored
    .filter(
      (version) => isValidVersion(version) && !isPseudoVersion(version) && !listed.has(version),
    )
    .toSorted(compareVersions);
  if (missing.length === 0) {
    return upstream;
  }
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  return Buffer.from(`${text}${separator}${missing.join('\n')}\n`);
}

/** The same lines without those whose version is refused. */
export function withoutVersions(list: Buffer, isRefused: (version: string) => boolean): Buffer {
  const lines = list.toString('utf8').split('\n');
  const left = lines.filter((line) => !isRefused(line.trim().split(/\s/u, 1)[0] ?? ''));
  return left.length === lines.length ? list : Buffer.from(left.join('\n'));
}

/**
 * P-32: the highest release, else the highest pre-release, else the highest pseudo-version. The list
 * may not be empty.
 */
export function chooseLatest(versions: readonly string[]): string {
  return versions.reduce((best, version) => {
    const difference = rank(version) - rank(best) || compareVersions(version, best);
    return difference > 0 ? version : best;
  });
}

function rank(version: string): number {
  if (isPseudoVersion(version)) {
    return 0;
  }
  return prereleaseOf(version) === '' ? 2 : 1;
}
