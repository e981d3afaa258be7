import { parsed, quote, refused, type Parsed } from '../text/index.ts';
import { nextDecimal, previousDecimal } from './decimal.ts';
import { buildOf, canonicalVersion, isValidVersion, prereleaseOf } from './semver.ts';

// Pseudo-versions: https://go.dev/ref/mod#pseudo-versions
//   vX.0.0-yyyymmddhhmmss-revision            no earlier version
//   vX.Y.Z-pre.0.yyyymmddhhmmss-revision      after the pre-release vX.Y.Z-pre
//   vX.Y.(Z+1)-0.yyyymmddhhmmss-revision      after vX.Y.Z

const PSEUDO_VERSION =
  /^v\d+\.(?:0\.0-|\d+\.\d+-(?:[^+]*\.)?0\.)(\d{14})-([A-Za-z0-9]+)(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

interface PseudoParts {
  /** What stands before the timestamp and its separator: `vX.0.0`, `vX.Y.Z-pre.0` or `vX.Y.Z-0`. */
  readonly base: string;
  readonly timestamp: string;
  readonly revision: string;
  readonly build: string;
}

function invalid<T>(version: string, reason: string): Parsed<T> {
  return refused(`pseudo-version ${quote(version)} invalid: ${reason}`);
}

function readPseudoVersion(version: string): PseudoParts | undefined {
  if (!isValidVersion(version)) return undefined;
  const match = PSEUDO_VERSION.exec(version);
  if (match === null) return undefined;
  const [, timestamp = '', revision = ''] = match;
  const build = buildOf(version);
  const baseEnd = version.length - build.length - revision.length - timestamp.length - 2;
  return { base: version.slice(0, baseEnd), timestamp, revision, build };
}

export function isPseudoVersion(version: string): boolean {
  return readPseudoVersion(version) !== undefined;
}

/** The commit time that the pseudo-version carries. */
export function pseudoVersionTime(version: string): Parsed<Temporal.Instant> {
  const parts = readPseudoVersion(version);
  if (parts === undefined) return invalid(version, 'syntax error');
  const digits = parts.timestamp;
  const fields = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits)?.slice(1).map(Number) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields;
  try {
    const time = Temporal.PlainDateTime.from(
      { year, month, day, hour, minute, second },
      { overflow: 'reject' },
    );
    return parsed(time.toZonedDateTime('UTC').toInstant());
  } catch {
    return invalid(version, `malformed time ${quote(digits)}`);
  }
}

/** The revision identifier: usually the first 12 digits of a commit hash. */
export function pseudoVersionRevision(version: string): Parsed<string> {
  const parts = readPseudoVersion(version);
  return parts === undefined ? invalid(version, 'syntax error') : parsed(parts.revision);
}

/** The tagged version that the pseudo-version follows; empty when there is none. */
export function pseudoVersionBase(version: string): Parsed<string> {
  const parts = readPseudoVersion(version);
  if (parts === undefined) return invalid(version, 'syntax error');
  const { base, build } = parts;
  const prerelease = prereleaseOf(base);
  if (prerelease === '') {
    if (build === '') return parsed('');
    return invalid(version, `lacks base version, but has build metadata ${quote(build)}`);
  }
  if (prerelease !== '-0') return parsed(base.slice(0, -'.0'.length) + build);
  const release = base.slice(0, -prerelease.length);
  const patchStart = release.lastIndexOf('.') + 1;
  const patch = previousDecimal(release.slice(patchStart));
  if (patch === undefined)
    return invalid(version, `version before ${release} would have negative patch number`);
  return parsed(release.slice(0, patchStart) + patch + build);
}

function timestampOf(time: Temporal.Instant): string {
  const utc = time.toZonedDateTimeISO('UTC');
  const date = [
    String(utc.year).padStart(4, '0'),
    utc.month,
    utc.day,
    utc.hour,
    utc.minute,
    utc.second,
  ];
  return date.map((field) => String(field).padStart(2, '0')).join('');
}

/**
 * Makes the pseudo-version of a revision. `major` is like `v1` (empty: `v0`), `older` the nearest earlier tagged
 * version or empty.
 */
export function makePseudoVersion(
  major: string,
  older: string,
  time: Temporal.Instant,
  revision: string,
): string {
  const segment = `${timestampOf(time)}-${revision}`;
  const build = buildOf(older);
  const release = canonicalVersion(older);
  if (release === '') return `${major === '' ? 'v0' : major}.0.0-${segment}`;
  if (prereleaseOf(release) !== '') return `${release}.0.${segment}${build}`;
  const patchStart = release.lastIndexOf('.') + 1;
  return `${release.slice(0, patchStart)}${nextDecimal(release.slice(patchStart))}-0.${segment}${build}`;
}

/** The canonical form that go.mod files hold: as `canonicalVersion`, but `+incompatible` stays. */
export function canonicalModuleVersion(version: string): string {
  const canonical = canonicalVersion(version);
  return buildOf(version) === '+incompatible' ? `${canonical}+incompatible` : canonical;
}
