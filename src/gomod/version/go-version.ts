import { compareDecimals } from './decimal.ts';

// Go's own versions are not semantic versions: https://go.dev/doc/toolchain#version

/** From Go 1.21 on `1.N` names the language and precedes the release `1.N.0`; before, both were the same. */
const FIRST_MINOR_WITH_LANGUAGE_VERSION = '21';

const GO_VERSION = /^(0|[1-9]\d*)(?:\.(0|[1-9]\d*)(?:\.(0|[1-9]\d*)|([a-z]+)(0|[1-9]\d*)?)?)?$/;

interface GoVersion {
  readonly major: string;
  readonly minor: string;
  readonly patch: string;
  /** `alpha`, `beta`, `rc` or empty; alphabetical order is their order. */
  readonly kind: string;
  readonly prerelease: string;
}

const INVALID: GoVersion = { major: '', minor: '', patch: '', kind: '', prerelease: '' };

function readGoVersion(version: string): GoVersion {
  const match = GO_VERSION.exec(version);
  if (match === null) return INVALID;
  const [, major = '', minor, patch, kind = '', prerelease = ''] = match;
  if (minor === undefined) return { major, minor: '0', patch: '0', kind, prerelease };
  const meansRelease = kind === '' && compareDecimals(minor, FIRST_MINOR_WITH_LANGUAGE_VERSION) < 0;
  return { major, minor, patch: patch ?? (meansRelease ? '0' : ''), kind, prerelease };
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** A Go version without the `go` before it: `1.21`, `1.21rc1`, `1.21.3`. */
export function isValidGoVersion(version: string): boolean {
  return GO_VERSION.test(version);
}

/** Orders `1.21` < `1.21rc1` < `1.21.0`. Invalid versions are equal to each other and less than every valid one. */
export function compareGoVersions(left: string, right: string): number {
  const leftVersion = readGoVersion(left);
  const rightVersion = readGoVersion(right);
  return (
    compareDecimals(leftVersion.major, rightVersion.major) ||
    compareDecimals(leftVersion.minor, rightVersion.minor) ||
    compareDecimals(leftVersion.patch, rightVersion.patch) ||
    compareText(leftVersion.kind, rightVersion.kind) ||
    compareDecimals(leftVersion.prerelease, rightVersion.prerelease)
  );
}

/** The Go version in a toolchain name: `go1.21.3-custom` gives `1.21.3`; undefined for any other name. */
export function goVersionOfToolchain(name: string): string | undefined {
  if (!name.startsWith('go') || /[\\/]/.test(name)) return undefined;
  const version = name.slice(2).split(/[ \t-]/, 1)[0] ?? '';
  return isValidGoVersion(version) ? version : undefined;
}
