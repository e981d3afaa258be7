import { quote } from '../text/index.ts';
import { buildOf, majorOf } from '../version/index.ts';

// Major version suffixes: https://go.dev/ref/mod#major-version-suffixes

export interface SplitPath {
  readonly prefix: string;
  /** `/v2`, `.v1` for gopkg.in, or empty. */
  readonly pathMajor: string;
}

const GOPKG_IN = 'gopkg.in/';
const UNSTABLE = '-unstable';

function isDigitAt(path: string, index: number): boolean {
  const code = path.charCodeAt(index);
  return code >= 0x30 && code <= 0x39;
}

/** gopkg.in demands `.vN` for every N, 0 and 1 included, and may add `-unstable`. */
function splitGopkgIn(path: string): SplitPath | undefined {
  let digitsStart = path.endsWith(UNSTABLE) ? path.length - UNSTABLE.length : path.length;
  while (isDigitAt(path, digitsStart - 1)) digitsStart--;
  const prefixEnd = digitsStart - 2;
  if (!path.startsWith('.v', prefixEnd)) return undefined;
  const pathMajor = path.slice(prefixEnd);
  if (pathMajor.length <= 2 || (pathMajor.charAt(2) === '0' && pathMajor !== '.v0'))
    return undefined;
  return { prefix: path.slice(0, prefixEnd), pathMajor };
}

/**
 * Splits the major version suffix off a module path; undefined when the path ends in something that looks like one and
 * is not allowed (`/v1`, `/v02`, `/v1.2`).
 */
export function splitPathMajor(path: string): SplitPath | undefined {
  if (path.startsWith(GOPKG_IN)) return splitGopkgIn(path);
  let suffixStart = path.length;
  let hasDot = false;
  while (
    suffixStart > 0 &&
    (isDigitAt(path, suffixStart - 1) || path.charAt(suffixStart - 1) === '.')
  ) {
    suffixStart--;
    if (path.charAt(suffixStart) === '.') hasDot = true;
  }
  const prefixEnd = suffixStart - 2;
  if (suffixStart === path.length || prefixEnd < 0 || !path.startsWith('/v', prefixEnd)) {
    return { prefix: path, pathMajor: '' };
  }
  const pathMajor = path.slice(prefixEnd);
  if (hasDot || pathMajor.charAt(2) === '0' || pathMajor === '/v1') return undefined;
  return { prefix: path.slice(0, prefixEnd), pathMajor };
}

/** The reason why a version cannot belong to a path with this major version suffix, without the version before it. */
export function pathMajorMismatch(version: string, pathMajor: string): string | undefined {
  let suffix = pathMajor;
  if (suffix.startsWith('.v') && suffix.endsWith(UNSTABLE))
    suffix = suffix.slice(0, -UNSTABLE.length);
  // Old `go` commands wrote v0.0.0 pseudo-versions for gopkg.in modules at v1, and published go.mod files hold them.
  if (suffix === '.v1' && version.startsWith('v0.0.0-')) return undefined;
  const major = majorOf(version);
  if (suffix === '') {
    if (major === 'v0' || major === 'v1' || buildOf(version) === '+incompatible') return undefined;
    return `should be v0 or v1, not ${major}`;
  }
  const hasSeparator = suffix.startsWith('/') || suffix.startsWith('.');
  const wanted = hasSeparator ? suffix.slice(1) : suffix;
  if (hasSeparator && major === wanted) return undefined;
  return `should be ${wanted}, not ${major}`;
}

/** Says why a version does not match the major version suffix of its path; undefined when it does. */
export function checkPathMajor(version: string, pathMajor: string): string | undefined {
  const reason = pathMajorMismatch(version, pathMajor);
  return reason === undefined ? undefined : `version ${quote(version)} invalid: ${reason}`;
}
