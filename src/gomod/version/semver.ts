import { compareDecimals, isDigitCode } from './decimal.ts';

/**
 * Offsets of the parts of a Go semantic version (`v` first; `v1` and `v1.2` are short for `v1.0.0` and `v1.2.0`).
 * Offsets instead of substrings: sorting a long list reads each version many times.
 */
interface Parts {
  majorEnd: number;
  /** 0 when the minor version is left out. */
  minorEnd: number;
  /** 0 when the patch version is left out. */
  patchEnd: number;
  prereleaseEnd: number;
}

const DOT = 0x2e;
const DASH = 0x2d;
const PLUS = 0x2b;
const ZERO = 0x30;

/** Returns the end of the decimal number at `start`, or -1; a leading zero is no number. */
function numberEnd(version: string, start: number): number {
  let end = start;
  while (end < version.length && isDigitCode(version.charCodeAt(end))) end++;
  if (end === start) return -1;
  if (version.charCodeAt(start) === ZERO && end > start + 1) return -1;
  return end;
}

function isIdentifierCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    isDigitCode(code) ||
    code === DASH
  );
}

function hasLeadingZero(version: string, start: number, end: number): boolean {
  if (end - start < 2 || version.charCodeAt(start) !== ZERO) return false;
  for (let index = start; index < end; index++) {
    if (!isDigitCode(version.charCodeAt(index))) return false;
  }
  return true;
}

/** Returns the end of the dot-separated identifiers from `start` to `stop` (a character code) or the end of text, or -1. */
function identifiersEnd(
  version: string,
  start: number,
  stop: number,
  refuseLeadingZeros: boolean,
): number {
  let identifierStart = start;
  for (let index = start; ; index++) {
    const code = index < version.length ? version.charCodeAt(index) : stop;
    const isEnd = code === stop;
    if (isEnd || code === DOT) {
      if (index === identifierStart) return -1;
      if (refuseLeadingZeros && hasLeadingZero(version, identifierStart, index)) return -1;
      if (isEnd) return index;
      identifierStart = index + 1;
    } else if (!isIdentifierCode(code)) {
      return -1;
    }
  }
}

function readParts(version: string): Parts | undefined {
  if (version.charCodeAt(0) !== 0x76) return undefined;
  const parts: Parts = { majorEnd: 0, minorEnd: 0, patchEnd: 0, prereleaseEnd: version.length };
  parts.majorEnd = numberEnd(version, 1);
  if (parts.majorEnd < 0) return undefined;
  if (parts.majorEnd === version.length) return parts;
  if (version.charCodeAt(parts.majorEnd) !== DOT) return undefined;
  parts.minorEnd = numberEnd(version, parts.majorEnd + 1);
  if (parts.minorEnd < 0) return undefined;
  if (parts.minorEnd === version.length) return parts;
  if (version.charCodeAt(parts.minorEnd) !== DOT) return undefined;
  parts.patchEnd = numberEnd(version, parts.minorEnd + 1);
  if (parts.patchEnd < 0) return undefined;
  return readSuffixes(version, parts);
}

function readSuffixes(version: string, parts: Parts): Parts | undefined {
  let end = parts.patchEnd;
  if (version.charCodeAt(end) === DASH) end = identifiersEnd(version, end + 1, PLUS, true);
  if (end < 0) return undefined;
  parts.prereleaseEnd = end;
  if (version.charCodeAt(end) === PLUS) end = identifiersEnd(version, end + 1, -1, false);
  return end === version.length ? parts : undefined;
}

function minorOf(version: string, parts: Parts): string {
  return parts.minorEnd === 0 ? '0' : version.slice(parts.majorEnd + 1, parts.minorEnd);
}

function patchOf(version: string, parts: Parts): string {
  return parts.patchEnd === 0 ? '0' : version.slice(parts.minorEnd + 1, parts.patchEnd);
}

function prereleaseText(version: string, parts: Parts): string {
  return parts.patchEnd === 0 ? '' : version.slice(parts.patchEnd, parts.prereleaseEnd);
}

function isNumeric(identifier: string): boolean {
  for (let index = 0; index < identifier.length; index++) {
    if (!isDigitCode(identifier.charCodeAt(index))) return false;
  }
  return true;
}

function compareIdentifiers(left: string, right: string): number {
  if (left === right) return 0;
  const leftIsNumeric = isNumeric(left);
  if (leftIsNumeric !== isNumeric(right)) return leftIsNumeric ? -1 : 1;
  if (leftIsNumeric) return compareDecimals(left, right);
  return left < right ? -1 : 1;
}

/** Section 11 of semver.org: a release follows its pre-releases, numbers precede names, more identifiers follow fewer. */
function comparePrereleases(left: string, right: string): number {
  if (left === right) return 0;
  if (left === '') return 1;
  if (right === '') return -1;
  const leftIdentifiers = left.slice(1).split('.');
  const rightIdentifiers = right.slice(1).split('.');
  const common = Math.min(leftIdentifiers.length, rightIdentifiers.length);
  for (let index = 0; index < common; index++) {
    const order = compareIdentifiers(leftIdentifiers[index] ?? '', rightIdentifiers[index] ?? '');
    if (order !== 0) return order;
  }
  return leftIdentifiers.length < rightIdentifiers.length ? -1 : 1;
}

export function isValidVersion(version: string): boolean {
  return readParts(version) !== undefined;
}

/** Orders by semantic version precedence. Invalid versions are equal to each other and less than every valid one. */
export function compareVersions(left: string, right: string): number {
  const leftParts = readParts(left);
  const rightParts = readParts(right);
  if (leftParts === undefined || rightParts === undefined) {
    return Number(leftParts !== undefined) - Number(rightParts !== undefined);
  }
  return (
    compareDecimals(left.slice(1, leftParts.majorEnd), right.slice(1, rightParts.majorEnd)) ||
    compareDecimals(minorOf(left, leftParts), minorOf(right, rightParts)) ||
    compareDecimals(patchOf(left, leftParts), patchOf(right, rightParts)) ||
    comparePrereleases(prereleaseText(left, leftParts), prereleaseText(right, rightParts))
  );
}

/** `v1` becomes `v1.0.0`, build metadata goes; empty for an invalid version. */
export function canonicalVersion(version: string): string {
  const parts = readParts(version);
  if (parts === undefined) return '';
  if (parts.minorEnd === 0) return `${version}.0.0`;
  if (parts.patchEnd === 0) return `${version}.0`;
  return version.slice(0, parts.prereleaseEnd);
}

/** `v2.1.0` gives `v2`; empty for an invalid version. */
export function majorOf(version: string): string {
  const parts = readParts(version);
  return parts === undefined ? '' : version.slice(0, parts.majorEnd);
}

/** `v2.1.0` gives `v2.1`; empty for an invalid version. */
export function majorMinorOf(version: string): string {
  const parts = readParts(version);
  return parts === undefined
    ? ''
    : `${version.slice(0, parts.majorEnd)}.${minorOf(version, parts)}`;
}

/** `v2.1.0-pre+meta` gives `-pre`. */
export function prereleaseOf(version: string): string {
  const parts = readParts(version);
  return parts === undefined ? '' : prereleaseText(version, parts);
}

/** `v2.1.0-pre+meta` gives `+meta`. */
export function buildOf(version: string): string {
  const parts = readParts(version);
  return parts === undefined ? '' : version.slice(parts.prereleaseEnd);
}
