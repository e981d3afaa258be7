import { isIPv6 } from 'node:net';

/** A forward proxy as its environment variable names it. */
export interface ProxyAddress {
  /** Lower case; everything but https, socks5 and socks5h is spoken to as plain HTTP (net/http). */
  readonly scheme: string;
  /** Without brackets; may be empty when the value was odd but readable. */
  readonly host: string;
  /** Empty when the value names none. */
  readonly port: string;
  readonly user: { readonly name: string; readonly password: string } | undefined;
}

/**
 * Reads a value as Go's httpproxy does: a URL, or else `http://` put before it.
 * Undefined when neither can be parsed; Go ignores such a value and goes directly.
 * Not WHATWG's parser, because that one reads `proxy:3128` and `socks5://u:p@h` differently.
 */
export function parseProxyAddress(value: string): ProxyAddress | undefined {
  const address = parseAsGo(value);
  if (
    address !== undefined &&
    address.scheme !== '' &&
    (address.host !== '' || address.port !== '')
  ) {
    return address;
  }
  return parseAsGo(`http://${value}`) ?? address;
}

/** What net/url.Parse takes from a URL, as far as a proxy's address needs it. */
function parseAsGo(text: string): ProxyAddress | undefined {
  // net/url refuses exactly these characters.
  if (/[\u0000-\u001f\u007f]/.test(text)) {
    return undefined;
  }
  const hash = text.indexOf('#');
  const whole = hash < 0 ? text : text.slice(0, hash);
  if (hash >= 0 && !hasValidEscapes(text.slice(hash + 1))) {
    return undefined;
  }
  if (whole.startsWith(':')) {
    return undefined;
  }
  const schemed = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/.exec(whole);
  const scheme = (schemed?.[1] ?? '').toLowerCase();
  const rest = (schemed?.[2] ?? whole).split('?', 1)[0] ?? '';
  if (!rest.startsWith('/')) {
    const colonInFirstSegment = (rest.split('/', 1)[0] ?? '').includes(':');
    const isPath = !colonInFirstSegment && hasValidEscapes(rest);
    return scheme === '' && !isPath ? undefined : { ...NOWHERE, scheme };
  }
  if (!rest.startsWith('//') || (scheme === '' && rest.startsWith('///'))) {
    return hasValidEscapes(rest) ? { ...NOWHERE, scheme } : undefined;
  }
  const slash = rest.indexOf('/', 2);
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
  if (slash >= 0 && !hasValidEscapes(rest.slice(slash))) {
    return undefined;
  }
  return parseAuthority(scheme, authority);
}

const NOWHERE = { host: '', port: '', user: undefined };

function parseAuthority(scheme: string, authority: string): ProxyAddress | undefined {
  const at = authority.lastIndexOf('@');
  const place = parsePlace(scheme, authority.slice(at + 1));
  if (place === undefined) {
    return undefined;
  }
  if (at < 0) {
    return { scheme, ...place, user: undefined };
  }
  const userInfo = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(userInfo) || !hasValidEscapes(userInfo)) {
    return undefined;
  }
  const colon = userInfo.indexOf(':');
  const name = colon < 0 ? userInfo : userInfo.slice(0, colon);
  const password = colon < 0 ? '' : userInfo.slice(colon + 1);
  return { scheme, ...place, user: { name: unescaped(name), password: unescaped(password) } };
}

function parsePlace(scheme: string, text: string): { host: string; port: string } | undefined {
  const bracket = text.lastIndexOf('[');
  if (bracket > 0) {
    return undefined;
  }
  if (bracket === 0) {
    const matched = /^\[(.*)\](?::([0-9]*))?$/.exec(text);
    const host = matched?.[1];
    return host === undefined || !isHostText(host) || !isIPv6(unescaped(host))
      ? undefined
      : { host: unescaped(host), port: matched?.[2] ?? '' };
  }
  // Since Go 1.26 http and https allow one colon only; the others keep the last one as the port's.
  const strict = scheme === 'http' || scheme === 'https';
  const colon = strict ? text.indexOf(':') : text.lastIndexOf(':');
  const host = colon < 0 ? text : text.slice(0, colon);
  const port = colon < 0 ? '' : text.slice(colon + 1);
  if (!/^[0-9]*$/.test(port) || !isHostText(host)) {
    return undefined;
  }
  return { host: unescaped(host), port };
}

/** RFC 3986's host characters and the few that net/url allows besides; escapes are for non-ASCII only. */
function isHostText(text: string): boolean {
  // everything outside ASCII is allowed.
  return /^(?:[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"]|[^\u0000-\u007f]|%[89A-Fa-f][0-9A-Fa-f]|%25)*$/.test(
    text,
  );
}

function hasValidEscapes(text: string): boolean {
  return !/%(?![0-9A-Fa-f]{2})/.test(text);
}

function unescaped(text: string): string {
  if (!text.includes('%')) {
    return text;
  }
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  const plain = bytes.replace(/%([0-9A-Fa-f]{2})/g, (_all, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(plain, 'latin1').toString('utf8');
}
