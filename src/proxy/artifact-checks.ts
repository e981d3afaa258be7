import { canonicalModuleVersion } from '../gomod/version/index.ts';

/** The largest body of each kind that we take (P-50; x/mod/zip limits; the rest is our own bound). */
export const MAXIMUM_BYTES: Readonly<Record<'info' | 'mod' | 'zip' | 'list', number>> = {
  /** Time, Version and Origin are a few hundred bytes. */
  info: 1024 * 1024,
  mod: 16 * 1024 * 1024,
  zip: 500 * 1024 * 1024,
  /** The toolchain module's list, the longest there is, has some hundred kilobytes. */
  list: 16 * 1024 * 1024,
};

/** Undefined when the bytes can be the `.info` of this version (P-35, P-36), else what is wrong. */
export function checkInfo(bytes: Buffer, version: string | undefined): string | undefined {
  const parsed = parseJson(bytes);
  if (parsed === undefined) {
    return `sent a .info that is not JSON${looksLikeMarkup(bytes) ? ' but a web page' : ''}`;
  }
  if (typeof parsed !== 'object' || parsed === null || !('Version' in parsed)) {
    return 'sent a .info without a Version';
  }
  const answered = parsed.Version;
  if (typeof answered !== 'string' || canonicalModuleVersion(answered) !== answered) {
    return 'sent a .info whose Version is not canonical';
  }
  return version === undefined || answered === version
    ? undefined
    : `sent the .info of version ${answered} instead of ${version}`;
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
export function checkModStart(bytes: Buffer): string | undefined {
  return looksLikeMarkup(bytes) ? 'sent a web page instead of a go.mod' : undefined;
}

/** A list is text with one version a line; a web page is not (P-20). */
export function checkList(bytes: Buffer): string | undefined {
  return looksLikeMarkup(bytes) ? 'sent a web page instead of a version list' : undefined;
}

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
