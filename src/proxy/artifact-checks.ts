import { canonicalModuleVersion } from '../gomod/version/index.ts';
import type { Failed } from './upstream/index.ts';

/** The largest body of each kind that we take (P-50; x/mod/zip limits; the rest is our own bound). */
export const MAXIMUM_BYTES: Readonly<Record<'info' | 'mod' | 'zip' | 'list', number>> = {
  /** Time, Version and Origin are a few hundred bytes. */
  info: 1024 * 1024,
  mod: 16 * 1024 * 1024,
  zip: 500 * 1024 * 1024,
  /** The toolchain module's list, the longest there is, has some hundred kilobytes. */
  list: 16 * 1024 * 1024,
};

/** What is wrong with content: for people, as what follows the name of the sender, and for programs. */
export interface ContentProblem {
  readonly problem: string;
  readonly reason: Failed['reason'];
}

/** Undefined when the bytes can be the `.info` of this version (P-35, P-36), else what is wrong. */
export function checkInfo(bytes: Buffer, version: string | undefined): ContentProblem | undefined {
  const malformed = malformedInfo(bytes);
  if (malformed !== undefined) return { problem: malformed, reason: 'info-malformed' };
  const answered = versionOfInfo(bytes);
  if (version === undefined || answered === version) return undefined;
  const problem = `sent the .info of version ${answered ?? 'none'} instead of ${version}`;
  return { problem, reason: 'info-of-other-version' };
}

function malformedInfo(bytes: Buffer): string | undefined {
  const parsed = parseJson(bytes);
  if (parsed === undefined) {
    return `sent a .info that is not JSON${looksLikeMarkup(bytes) ? ' but a web page' : ''}`;
  }
  if (typeof parsed !== 'object' || parsed === null || !('Version' in parsed)) {
    return 'sent a .info without a Version';
  }
  const answered = parsed.Version;
  return typeof answered !== 'string' || canonicalModuleVersion(answered) !== answered
    ? 'sent a .info whose Version is not canonical'
    : undefined;
}

/** The Version of a `.info` or `@latest`, when there is one. */
export function versionOfInfo(bytes: Buffer): string | undefined {
  const parsed = parseJson(bytes);
  return typeof parsed === 'object' &&
    parsed !== null &&
    'Version' in parsed &&
    typeof parsed.Version === 'string'
    ? parsed.Version
    : undefined;
}

/**
 * A `.mod` is not parsed before it is served (P-41): real toolchain modules fail strict parsing. Only a
 * web page is told apart, by its first byte (interface.md, Answers).
 */
export function checkModStart(bytes: Buffer): ContentProblem | undefined {
  const problem = 'sent a web page instead of a go.mod';
  return looksLikeMarkup(bytes) ? { problem, reason: 'mod-malformed' } : undefined;
}

/** A list is text with one version a line; a web page is not (P-20). */
export function checkList(bytes: Buffer): ContentProblem | undefined {
  const problem = 'sent a web page instead of a version list';
  return looksLikeMarkup(bytes) ? { problem, reason: 'list-malformed' } : undefined;
}

/** True when there is nothing but white space. */
export function isBlank(bytes: Buffer): boolean {
  return bytes.length < BLANK_BYTES && bytes.toString('latin1').trim() === '';
}

/** No file has so much white space and nothing else. */
const BLANK_BYTES = 4096;

/** True when the first byte that is not white space opens a tag. */
export function looksLikeMarkup(bytes: Buffer): boolean {
  // A byte order mark may stand before it.
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (let index = start; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (
      byte !== 0x20 &&
      byte !== 0x09 &&
      byte !== 0x0a &&
      byte !== 0x0d &&
      byte !== 0x0c &&
      byte !== 0x0b
    ) {
      return byte === 0x3c;
    }
  }
  return false;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
