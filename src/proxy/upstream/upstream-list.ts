import { ProgramError } from '../../platform/index.ts';
import { maskUrl } from '../../masking/index.ts';

/** One entry of a GOPROXY list that we ask ourselves. */
export interface UpstreamEntry {
  readonly kind: 'http' | 'file';
  /** For http the base without a trailing slash, user info included; for file the directory. */
  readonly base: string;
  /** For people: no user info, no query. */
  readonly name: string;
  /** True when a pipe follows: any failure moves on, not only 404 and 410. */
  readonly fallBackOnError: boolean;
}

export interface UpstreamList {
  readonly entries: readonly UpstreamEntry[];
  /** What ends the list, if anything does; whatever stands behind it is never reached. */
  readonly end: 'direct' | 'off' | undefined;
  /** Something does stand behind it. */
  readonly isCutOff: boolean;
}

/** A list longer than this is a mistake; the longest in real use have four entries. */
const MAXIMUM_ENTRIES = 32;
const MAXIMUM_LENGTH = 8192;

/**
 * Reads Go's GOPROXY syntax as the `go` command does (Go module reference, "Environment variables";
 * reference P-60, P-61). Throws `upstream-list-invalid` with the position of the entry.
 */
export function parseUpstreamList(text: string): UpstreamList {
  if (text.length > MAXIMUM_LENGTH) {
    throw invalid(`the upstream list is longer than ${MAXIMUM_LENGTH} characters`);
  }
  const entries: UpstreamEntry[] = [];
  const pattern = /([^,|]*)([,|]|$)/gu;
  let position = 0;
  for (const { index, 1: raw = '', 2: separator = '' } of text.matchAll(pattern)) {
    position += 1;
    const entry = raw.trim();
    if (entry === 'off' || entry === 'direct') {
      const rest = text.slice(index + raw.length);
      return { entries, end: entry, isCutOff: /[^,|\s]/u.test(rest) };
    }
    if (entry !== '') {
      entries.push(parseEntry(entry, separator === '|', position));
    }
    if (entries.length > MAXIMUM_ENTRIES) {
      throw invalid(`the upstream list has more than ${MAXIMUM_ENTRIES} entries`);
    }
    if (separator === '') {
      break;
    }
  }
  if (entries.length === 0) {
    throw invalid(
      'the upstream list has no entries',
      'name a proxy, or off to serve only what the store has',
    );
  }
  return { entries, end: undefined, isCutOff: false };
}

function parseEntry(entry: string, fallBackOnError: boolean, position: number): UpstreamEntry {
  if (!/[.:/]/u.test(entry)) {
    throw invalid(
      `entry ${position} of the upstream list, "${entry}", is neither a URL nor off nor direct`,
      'write a URL such as https://proxy.example.com',
    );
  }
  const isPath = entry.startsWith('/');
  const text = entry.includes(':/') || isPath ? entry : `https://${entry}`;
  const url = isPath ? undefined : URL.parse(text);
  if (url === undefined || url === null) {
    throw invalid(
      `entry ${position} of the upstream list, "${maskUrl(entry)}", is not a URL`,
      'write a URL such as https://proxy.example.com or file:///srv/modules',
    );
  }
  if (url.protocol === 'file:') {
    return parseFileEntry(url, fallBackOnError, position);
  }
  const name = `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/u, '')}`;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw invalid(
      `entry ${position} of the upstream list has the scheme ${url.protocol.slice(0, -1)}`,
      'use https, http or file',
    );
  }
  if (url.protocol === 'http:' && (url.username !== '' || url.password !== '')) {
    // P-60: cmd/go refuses to send a password in clear text.
    throw invalid(
      `entry ${position} of the upstream list, ${name}, has a user name or password over http`,
      'use https, so that nobody on the way can read the password',
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw invalid(`entry ${position} of the upstream list, ${name}, has a query or fragment`);
  }
  return { kind: 'http', base: url.href.replace(/\/+$/u, ''), name, fallBackOnError };
}

function parseFileEntry(url: URL, fallBackOnError: boolean, position: number): UpstreamEntry {
  if (url.host !== '' && url.host !== 'localhost') {
    throw invalid(
      `entry ${position} of the upstream list names the host "${url.host}" in a file URL`,
      'a file URL has three slashes: file:///srv/modules',
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw invalid(`entry ${position} of the upstream list is a file URL with a query or fragment`);
  }
  const directory = decode(url.pathname)?.replace(/(?<=.)\/+$/u, '');
  if (directory === undefined) {
    throw invalid(
      `entry ${position} of the upstream list is a file URL with a broken percent escape`,
      'write %25 for a percent sign',
    );
  }
  return { kind: 'file', base: directory, name: `file://${directory}`, fallBackOnError };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function invalid(message: string, hint?: string): ProgramError {
  return new ProgramError({
    code: 'upstream-list-invalid',
    kind: 'bad-input',
    message,
    ...(hint === undefined ? {} : { hint }),
  });
}
