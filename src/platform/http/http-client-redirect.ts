import { domainToASCII } from 'node:url';
import { redirectIsLocal, redirectRefused, requestRefused } from './http-client-errors.ts';
import { isLocalHost } from './local-places.ts';

/** Where a request goes and with what; every redirect makes a new one. */
export interface Hop {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Once true, credentials stay away, also when a later redirect comes back (as net/http does). */
  readonly credentialsDropped: boolean;
  /** Led here from elsewhere, and may not lead into this machine. */
  readonly mustBeElsewhere?: boolean;
}

/** As net/http counts, give or take one: a chain longer than this is a loop. */
export const REDIRECTS_MAXIMUM = 10;

const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** What net/http holds back from another host. */
const SENSITIVE_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'www-authenticate',
  'cookie',
  'cookie2',
  'proxy-authorization',
  'proxy-authenticate',
]);

export function isRedirect(status: number): boolean {
  return REDIRECT_STATUSES.has(status);
}

export function firstHop(url: string, headers: Readonly<Record<string, string>>): Hop {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) {
    throw requestRefused('its URL is not valid and absolute');
  }
  if (!isWeb(parsed)) {
    throw requestRefused(`its URL's scheme is ${parsed.protocol.slice(0, -1)}, not http or https`);
  }
  if (hasUserInfo(parsed) && parsed.protocol === 'http:') {
    throw requestRefused(
      `its URL holds credentials for ${parsed.host}, and http would send them in clear text`,
    );
  }
  return {
    url: withoutUserInfo(parsed),
    headers: withBasic(headers, parsed),
    credentialsDropped: false,
  };
}

/**
 * The hop that a redirect asks for, or the refusal thrown. `first` is where the chain began: unless that
 * was on this machine, or `mayBeLocal`, no redirect leads there, or an upstream could ask what only this
 * machine may.
 */
export function nextHop(
  first: Hop,
  hop: Hop,
  location: string | undefined,
  mayBeLocal = false,
): Hop {
  const from = hop.url.host;
  if (location === undefined || location === '') {
    throw redirectRefused(from, 'it has no Location header');
  }
  const target = resolveLocation(location, hop.url);
  if (target === undefined) {
    throw redirectRefused(from, 'its Location is not a valid URL');
  }
  if (!isWeb(target)) {
    throw redirectRefused(from, `its scheme is ${target.protocol.slice(0, -1)}, not http or https`);
  }
  if (hop.url.protocol === 'https:' && target.protocol === 'http:') {
    throw redirectRefused(from, `it leads from https to http at ${target.host}`);
  }
  if (hasUserInfo(target) && target.protocol === 'http:') {
    throw redirectRefused(
      from,
      `it holds credentials for ${target.host}, and http would send them in clear text`,
    );
  }
  const mustBeElsewhere = !mayBeLocal && !isLocalHost(first.url);
  if (mustBeElsewhere && isLocalHost(target)) throw redirectIsLocal(from, target.host);
  const credentialsDropped =
    hop.credentialsDropped || (first.url.host !== target.host && !isSameSite(target, first.url));
  const kept = Object.entries(first.headers).filter(
    ([name]) => !credentialsDropped || !SENSITIVE_HEADERS.has(name),
  );
  return {
    url: withoutUserInfo(target),
    headers: withBasic(Object.fromEntries(kept), target),
    credentialsDropped,
    // A chain that stays at its host asks nobody that was not meant.
    mustBeElsewhere: mustBeElsewhere && target.host !== first.url.host,
  };
}

/** Header bytes outside ASCII arrive one per character; a URL has each escaped, as net/url writes it. */
function resolveLocation(location: string, base: URL): URL | undefined {
  const ascii = location.replace(
    /[\u0080-\u00ff]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return URL.canParse(ascii, base.href) ? new URL(ascii, base.href) : undefined;
}

/** net/http keeps credentials for the same host on any port and for its subdomains. */
function isSameSite(target: URL, first: URL): boolean {
  const name = hostOf(target);
  const parent = hostOf(first);
  if (name === parent) {
    return true;
  }
  return !name.includes(':') && name.endsWith(`.${parent}`);
}

function hostOf(url: URL): string {
  return domainToASCII(url.hostname) || url.hostname;
}

function isWeb(url: URL): boolean {
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '';
}

function hasUserInfo(url: URL): boolean {
  return url.username !== '' || url.password !== '';
}

function withoutUserInfo(url: URL): URL {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  bare.hash = '';
  return bare;
}

/** A URL's user info becomes basic credentials unless the caller brought an authorization (net/http). */
function withBasic(
  headers: Readonly<Record<string, string>>,
  url: URL,
): Readonly<Record<string, string>> {
  return headers['authorization'] === undefined && hasUserInfo(url)
    ? { ...headers, authorization: basicCredentials(url) }
    : headers;
}

/** RFC 7617: user and password, percent encoding undone. */
function basicCredentials(url: URL): string {
  const text = `${decoded(url.username)}:${decoded(url.password)}`;
  return `Basic ${Buffer.from(text, 'utf8').toString('base64')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
